import type { retention as en } from '../en/retention.ts'
import type { Same } from '../same.ts'

export const retention: Same<typeof en> = {
  title: '挽留',
}
