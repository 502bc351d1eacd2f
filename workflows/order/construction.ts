/** P-05: engineering implementation with acceptance and rework. */
import { constructionSpec } from '../../domain/processes/construction.ts'
import { type Order, process } from '../kit/process.ts'

type Construction = Order<typeof constructionSpec>

export const construction = process(constructionSpec, async (order) => {
  if ((await order.step('apply-start')) === 'refused') return 'terminated'
  // Side by side; without a resource nothing is left to plan, and the end cancels the plan.
  const circuits = order.step('prepare-circuit')
  const plan = planned(order)
  if ((await circuits) === 'no-resource') return 'terminated'
  order.undo('release-resources')
  await plan
  await built(order)
  while ((await order.step('joint-acceptance')) === 'not-qualified') {
    await order.step('rectify')
    if (order.input.retest === true && (await order.step('joint-test')) === 'failed') await built(order)
  }
  // From here the waiting order goes on; settlement runs beside it.
  await order.step('archive-construction')
  await order.step('settle-construction')
  return 'accepted'
})

/** Until the centre has the plan. */
async function planned(order: Construction): Promise<void> {
  while ((await order.step('draft-construction-plan')) === 'returned');
}

/** Built, until the circuit passes its test. */
async function built(order: Construction): Promise<void> {
  do await order.step('build')
  while ((await order.step('joint-test')) === 'failed')
}
