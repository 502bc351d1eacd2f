import { operation } from '../http/operation.ts'
import { wholeCustomer } from '../queries/customer-whole.ts'
import { customerParams, customerWhole } from '../schemas/customer.ts'

export const customerOperations = [
  operation({
    id: 'getCustomer',
    method: 'get',
    path: '/customers/{id}',
    tag: 'Customers',
    summary: 'A customer all around: contacts, services, contracts, orders, money, retention',
    description: 'Orders are those in sight; money and retention are there for whose work it is, and null for others.',
    params: customerParams,
    answers: { 200: { description: 'What is known of him.', schema: customerWhole } },
    problems: ['NOT_ALLOWED'],
    handle: async ({ deps, principal, ability, params, now }) => ({
      status: 200,
      body: await wholeCustomer(deps, principal, ability, params.id, now),
    }),
  }),
]
