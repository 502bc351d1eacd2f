import type { supervise as en } from '../en/supervise.ts'
import type { Same } from '../same.ts'

export const supervise: Same<typeof en> = {
  title: '督办',
}
