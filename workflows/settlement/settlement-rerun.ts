/** P-61: re-settlement. */
import { settlementRerunSpec } from '../../domain/processes/settlement-rerun.ts'
import { process } from '../kit/process.ts'

export const settlementRerun = process(settlementRerunSpec, async (order) => {
  await order.step('request-rerun')
  if ((await order.step('approve-rerun')) === 'rejected') return 'refused'
  await order.step('check-payout')
  await order.step('recompute')
  if ((await order.step('compare')) === 'rejected') return 'refused'
  if ((await order.step('replace-bills')) === 'difference-after-payout') await order.step('correct-payout')
  return 'resettled'
})
