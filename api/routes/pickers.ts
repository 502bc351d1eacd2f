import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { createProspect } from '../queries/customers.ts'
import { listCustomers, listProducts, listRegions, listServices, listStaff, listUnits } from '../queries/pickers.ts'
import {
  customer,
  customerList,
  customersQuery,
  productList,
  prospectIn,
  regionList,
  serviceList,
  servicesQuery,
  staffList,
  staffQuery,
  unitList,
  unitsQuery,
} from '../schemas/picker.ts'

export const pickerOperations = [
  operation({
    id: 'listCustomers',
    method: 'get',
    path: '/customers',
    tag: 'Pickers',
    summary: 'Customers in sight',
    query: customersQuery,
    answers: { 200: { description: 'A page by number.', schema: customerList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    handle: async ({ deps, ability, query }) => ({ status: 200, body: await listCustomers(deps, ability, query) }),
  }),
  operation({
    id: 'createCustomer',
    method: 'post',
    path: '/customers',
    tag: 'Pickers',
    summary: 'Enter a potential customer, so that an order can be about him',
    body: prospectIn,
    answers: {
      201: { description: 'Entered, with the status `potential`.', schema: customer },
      200: { description: 'Had been entered by the same request before.', schema: customer, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED', 'UNKNOWN_REFERENCE'],
    async handle({ deps, principal, ability, body, key, now }) {
      if (!ability.can('start', 'Process'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '您的角色不能发起工单', en: 'your roles may not start orders' } })
      const own = principal.region.path
      if (body.region !== own && !body.region.startsWith(`${own}/`))
        throw new Problem('UNKNOWN_REFERENCE', {
          field: 'region',
          says: { zh: `须为 ${own} 或其下级`, en: `it must be ${own} or lie below` },
        })
      return once(deps.pool, { principal: principal.id, key, route: 'createCustomer', content: body, now }, async (client) => ({
        status: 201,
        body: await createProspect(client, body),
      }))
    },
  }),
  operation({
    id: 'listServices',
    method: 'get',
    path: '/services',
    tag: 'Pickers',
    summary: 'Services in sight',
    query: servicesQuery,
    answers: { 200: { description: 'A page by number.', schema: serviceList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    handle: async ({ deps, ability, query }) => ({ status: 200, body: await listServices(deps, ability, query) }),
  }),
  operation({
    id: 'listProducts',
    method: 'get',
    path: '/products',
    tag: 'Pickers',
    summary: 'What is sold, by group',
    answers: { 200: { description: 'All of it.', schema: productList } },
    problems: ['NOT_ALLOWED'],
    handle: async ({ deps, ability }) => ({ status: 200, body: await listProducts(deps, ability) }),
  }),
  operation({
    id: 'listStaff',
    method: 'get',
    path: '/staff',
    tag: 'Pickers',
    summary: 'People whom one may name: of the own region, below and above it',
    query: staffQuery,
    answers: { 200: { description: 'A page by id.', schema: staffList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    handle: async ({ deps, ability, query, now }) => ({ status: 200, body: await listStaff(deps, ability, query, now) }),
  }),
  operation({
    id: 'listUnits',
    method: 'get',
    path: '/units',
    tag: 'Pickers',
    summary: 'Units that one may name',
    query: unitsQuery,
    answers: { 200: { description: 'A page by id.', schema: unitList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    handle: async ({ deps, ability, query }) => ({ status: 200, body: await listUnits(deps, ability, query) }),
  }),
  operation({
    id: 'listRegions',
    method: 'get',
    path: '/regions',
    tag: 'Pickers',
    summary: 'The own region, those below it and those above',
    answers: { 200: { description: 'By path.', schema: regionList } },
    problems: ['NOT_ALLOWED'],
    async handle({ deps, ability, principal }) {
      if (!ability.can('read', 'OrgUnit')) throw new Problem('NOT_ALLOWED')
      return { status: 200, body: await listRegions(deps, principal.region.path) }
    },
  }),
]
