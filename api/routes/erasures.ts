/** A customer's personal data are erased, everywhere and for good. */
import { z } from 'zod'
import { erasePersonal } from '../../prisma/personal.ts'
import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { id, line } from '../schemas/common.ts'

const erasure = z.object({
  customer: z.string(),
  keys: z
    .int()
    .meta({ description: 'Keys destroyed: what they had sealed, in orders, events, histories and archives, can no longer be read.' }),
  contacts: z.int().meta({ description: 'Contacts emptied.' }),
  openOrders: z.int().meta({ description: 'Open orders that go on without what was erased.' }),
})

export const erasureOperations = [
  operation({
    id: 'erasePersonalData',
    method: 'post',
    path: '/customers/{id}/erasures',
    tag: 'Administration',
    summary: "Erase a customer's personal data; it can't be undone",
    description:
      'Contacts, telephone numbers and addresses of the customer become unreadable everywhere. Orders, events and their chains stay.',
    params: z.strictObject({ id }),
    body: z.strictObject({ reason: line(400).trim().min(1) }),
    answers: {
      201: { description: 'Erased.', schema: erasure },
      200: { description: 'Had been erased by the same request before.', schema: erasure, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED'],
    async handle({ deps, principal, ability, params, body, key, now }) {
      if (!ability.can('erase', 'Customer'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '清除仅限省级总监', en: 'erasing is for directors of the province' } })
      const customer = params.id
      const request = { principal: principal.id, key, route: 'erasePersonalData', content: { params, body }, now }
      return once(deps.pool, request, async (client) => {
        const done = await erasePersonal(client, { customer, actor: principal.id, reason: body.reason, at: now })
        if (!done) throw new Problem('NOT_FOUND')
        return { status: 201, body: { customer, ...done } }
      })
    },
  }),
]
