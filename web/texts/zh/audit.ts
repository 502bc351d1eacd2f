import type { audit as en } from '../en/audit.ts'
import type { Same } from '../same.ts'

export const audit: Same<typeof en> = {
  title: '稽核',
}
