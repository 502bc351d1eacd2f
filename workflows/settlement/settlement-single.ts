/** P-58: settlement of one agent. */
import { settlementSingleSpec } from '../../domain/processes/settlement-single.ts'
import { process } from '../kit/process.ts'

export const settlementSingle = process(settlementSingleSpec, async (order) => {
  if ((await order.step('open-run')) === 'already-settled') return 'refused'
  while ((await order.step('extract-users')) === 'incomplete');
  if ((await order.step('choose-scheme')) === 'none') return 'refused'
  do if ((await order.step('compute-bills')) === 'error') return 'stopped'
  while ((await order.step('review-bills')) === 'wrong')
  await order.step('close-run')
  return 'settled'
})
