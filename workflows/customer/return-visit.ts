/** P-08: return visits, one order per customer. */
import { returnVisitSpec } from '../../domain/processes/return-visit.ts'
import { type Order, process } from '../kit/process.ts'

type Visit = Order<typeof returnVisitSpec>
type End = 'visited' | 'opportunity-opened' | 'nothing-to-visit'

export const returnVisit = process(returnVisitSpec, async (order) => {
  if (order.input.planned === true) return visit(order)
  const selection = await order.form('select-customers')
  if (selection.outcome === 'none') return 'nothing-to-visit'
  await order.step('make-visit-plan')
  const { customers } = selection.data
  // A condition may select a single customer who is not the one that the plan was opened for.
  const others = Array.isArray(customers) && (customers.length > 1 || order.input.condition !== undefined)
  return others ? visitEach(order, customers) : visit(order)
})

/** One child per customer of the plan; the plan ends when all visits have. */
async function visitEach(order: Visit, customers: readonly string[]): Promise<End> {
  const visits = [...new Set(customers)].map((customer) =>
    order.child('return-visit', { key: customer, customer, input: { planned: true, customers: [customer] } }),
  )
  const ends = await Promise.all(visits)
  if (ends.includes('opportunity-opened')) return 'opportunity-opened'
  return ends.includes('visited') ? 'visited' : 'nothing-to-visit'
}

/** No visit without an order. */
async function visit(order: Visit): Promise<End> {
  while ((await order.step('issue-visit-order')) === 'refused') await order.step('make-visit-plan')
  await meet(order)
  if ((await order.step('record-visit')) === 'with-problems') await order.step('handle-problems')
  await order.step('summarise-visit')
  if ((await order.step('decide-opportunity')) === 'no') return 'visited'
  await order.step('start-business-acceptance')
  return 'opportunity-opened'
}

/** Until the visit is over or the customer does not want it; another person prepares and makes an appointment anew. */
async function meet(order: Visit): Promise<void> {
  do {
    await order.step('prepare-visit')
    let appointment = await order.step('make-appointment')
    while (appointment === 'not-reachable') appointment = await order.step('make-appointment')
    if (appointment === 'declined') return
  } while ((await order.step('conduct-visit')) === 'reassigned')
}
