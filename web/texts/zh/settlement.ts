import type { settlement as en } from '../en/settlement.ts'
import type { Same } from '../same.ts'

export const settlement: Same<typeof en> = {
  title: '结算',
}
