/** P-02: customer visit and service handling. */
import { customerVisitSpec } from '../../domain/processes/customer-visit.ts'
import { type Order, process } from '../kit/process.ts'

type Visit = Order<typeof customerVisitSpec>

export const customerVisit = process(customerVisitSpec, async (order) => {
  if ((await interested(order)) && (await convinced(order))) {
    await order.step('sign-letter-of-intent')
    return 'intent-signed'
  }
  // Customer and demand are never thrown away.
  await order.step('archive-as-potential')
  return 'archived'
})

/** From the first call to the answer whether there is an intent. */
async function interested(order: Visit): Promise<boolean> {
  await order.step('contact-customer')
  await order.step('collect-basic-data')
  await order.step('analyse-needs')
  await order.step('revisit-customer')
  return (await order.step('decide-intent')) === 'yes'
}

/** Solution after solution, until one suits the customer, none can be found, or he gives up. */
async function convinced(order: Visit): Promise<boolean> {
  await order.step('fill-requirement-form')
  await order.step('clarify-needs')
  for (;;) {
    if ((await order.step('argue-solution')) === 'infeasible') return false
    await order.step('submit-solution')
    const satisfied = await order.step('decide-satisfied')
    if (satisfied !== 'no') return satisfied === 'yes'
  }
}
