/** P-59: special settlement. */
import { settlementSpecialSpec } from '../../domain/processes/settlement-special.ts'
import { process } from '../kit/process.ts'

export const settlementSpecial = process(settlementSpecialSpec, async (order) => {
  await order.step('request-special')
  if ((await order.step('approve-special')) === 'rejected') return 'refused'
  await order.step('extract-users')
  do await order.step('compute-special')
  while ((await order.step('review-special')) === 'wrong')
  return 'settled'
})
