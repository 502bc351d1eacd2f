/** P-04: contract signing with countersign. */
import { contractCountersignSpec } from '../../domain/processes/contract-countersign.ts'
import { type Order, process } from '../kit/process.ts'

type Contract = Order<typeof contractCountersignSpec>

export const contractCountersign = process(contractCountersignSpec, async (order) => {
  await order.step('draft-contract')
  order.undo('void-contract')
  for (;;) {
    const answer = (await countersigned(order)) ? await order.step('customer-review') : 'objection'
    if (answer === 'withdrawn') return 'abandoned'
    if (answer === 'accepted' && (await approved(order))) break
    await order.step('draft-contract')
  }
  if ((await order.step('sign-contract')) === 'withdrawn') return 'abandoned'
  await order.step('archive-contract')
  return 'signed'
})

/** Both opinions are heard; each text is countersigned anew by both. */
async function countersigned(order: Contract): Promise<boolean> {
  if (order.input.countersign === 'serial')
    return (await order.step('countersign-business')) === 'agreed' && (await order.step('countersign-finance')) === 'agreed'
  const opinions = await Promise.all([order.step('countersign-business'), order.step('countersign-finance')])
  return opinions.every((opinion) => opinion === 'agreed')
}

/** By the director within his authority, otherwise by the leadership. */
async function approved(order: Contract): Promise<boolean> {
  const review = await order.step('director-review')
  if (review === 'over-authority') return (await order.step('leadership-approve')) === 'approved'
  return review === 'approved-within-authority'
}
