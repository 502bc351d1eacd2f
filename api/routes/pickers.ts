import { operation } from '../http/operation.ts'
import { listCustomers, listServices, listStaff, listUnits } from '../queries/pickers.ts'
import { customerList, customersQuery, serviceList, servicesQuery, staffList, staffQuery, unitList, unitsQuery } from '../schemas/picker.ts'

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
]
