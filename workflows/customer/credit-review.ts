/** P-31: credit setting and change. */
import { creditReviewSpec } from '../../domain/processes/credit-review.ts'
import { process } from '../kit/process.ts'

export const creditReview = process(creditReviewSpec, async (order) => {
  await order.step('collect-factors')
  if ((await order.step('score-credit')) === 'no-model') await order.step('set-by-hand')
  while ((await order.step('approve-credit')) === 'rejected') await order.step('set-by-hand')
  while ((await order.step('apply-credit')) === 'failed');
  return 'set'
})
