/** P-60: the commission of a single event at once. */
import { settlementRealTimeSpec } from '../../domain/processes/settlement-real-time.ts'
import { process } from '../kit/process.ts'

export const settlementRealTime = process(settlementRealTimeSpec, async (order) => {
  if ((await order.step('catch-event')) === 'not-eligible') return 'ignored'
  if ((await order.step('compute-commission')) === 'no-scheme') return 'ignored'
  await order.step('book-commission')
  if ((await order.step('confirm-later')) === 'confirmed') return 'settled'
  await order.step('reverse-commission')
  return 'reversed'
})
