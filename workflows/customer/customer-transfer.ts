/** P-10: take over customers who grew large in other departments; a branch per department, an order per customer. */
import { customerTransferSpec } from '../../domain/processes/customer-transfer.ts'
import { type Order, process } from '../kit/process.ts'

type Transfer = Order<typeof customerTransferSpec>
type End = 'transferred' | 'none-found'

export const customerTransfer = process(customerTransferSpec, async (order) => {
  if (order.input.planned === true) return contact(order)
  const taken = new Set<string>()
  const departments = new Set(list(order.input.departments))
  const ends = await Promise.all(
    departments.size > 0 ? [...departments].map((key) => takeOver(order, taken, { key })) : [takeOver(order, taken)],
  )
  return ends.includes('transferred') ? 'transferred' : 'none-found'
})

/** What one department reports: screened, agreed with it, transferred, contacted. */
async function takeOver(order: Transfer, taken: Set<string>, department: { key?: string } = {}): Promise<End> {
  await order.step('submit-monthly-report', department)
  let screening = await order.form('screen-customers', department)
  while (screening.outcome === 'found' && (await order.step('submit-list', department)) === 'disputed')
    screening = await order.form('screen-customers', department)
  if (screening.outcome === 'none') return 'none-found'
  const { data } = await order.form('transfer-data', department)
  order.undo('return-customers')
  const found = list(screening.data.customers)
  return found.length === 0 ? contact(order) : contactEach(order, taken, found, data.accountManager)
}

/** One child for each customer, who is taken over once, whoever reported him. */
async function contactEach(order: Transfer, taken: Set<string>, found: readonly string[], person: unknown): Promise<End> {
  const fresh = [...new Set(found)].filter((customer) => !taken.has(customer))
  for (const customer of fresh) taken.add(customer)
  const ends = await Promise.all(
    fresh.map((customer) =>
      order.child('customer-transfer', {
        key: customer,
        customer,
        input: { planned: true, customers: [customer], ...(typeof person === 'string' && { person }) },
      }),
    ),
  )
  return ends.includes('transferred') ? 'transferred' : 'none-found'
}

/** Until the customer is reached; then the return visit (P-08) takes over. */
async function contact(order: Transfer): Promise<End> {
  while ((await order.step('first-contact')) === 'not-reachable');
  await order.step('start-return-visit')
  return 'transferred'
}

const list = (fact: unknown): readonly string[] => (Array.isArray(fact) ? (fact as string[]) : [])
