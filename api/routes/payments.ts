import { References } from '../orders/references.ts'
import { matchPayment, takePayment } from '../orders/payments.ts'
import { type Ctx, operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { listPayments, paymentInSight } from '../queries/payments.ts'
import { matchIn, payment, paymentIn, paymentList, paymentParams, paymentsQuery } from '../schemas/payment.ts'
import { requireInSight } from './orders.ts'

type Caller = Pick<Ctx, 'deps' | 'principal' | 'ability'>

/** @throws Problem NOT_ALLOWED */
function requireFinance({ ability }: Caller): void {
  if (!ability.can('enter', 'Payment'))
    throw new Problem('NOT_ALLOWED', { says: { zh: '付款由财务部门录入与核对', en: 'finance enters and matches payments' } })
}

/** @throws Problem NOT_FOUND when there is no such payment in sight */
async function requirePayment({ deps, principal, ability }: Caller, bankNo: string) {
  const found = await paymentInSight(deps.pool, principal, ability, bankNo)
  if (!found) throw new Problem('NOT_FOUND')
  return found
}

export const paymentOperations = [
  operation({
    id: 'listPayments',
    method: 'get',
    path: '/payments',
    tag: 'Payments',
    summary: 'Payments in sight: matched to orders, waiting to be matched, to be paid back',
    query: paymentsQuery,
    answers: { 200: { description: 'A page, the latest first.', schema: paymentList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle({ deps, principal, ability, query }) {
      if (!ability.can('read', 'Payment'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '付款由财务部门与主管查看', en: 'finance and supervisors read payments' } })
      return { status: 200, body: await listPayments(deps.pool, principal, ability, query) }
    },
  }),
  operation({
    id: 'takePayment',
    method: 'post',
    path: '/payments',
    tag: 'Payments',
    summary: 'A payment has come in',
    description:
      'For the bank, by a token, or for finance. It is kept in any case; matched where the reference says to which order; and the order is told. The same number with the same amount changes nothing.',
    noKey: "The bank's number is the key.",
    body: paymentIn,
    answers: {
      201: { description: 'Taken.', schema: payment },
      200: { description: 'Had been taken before.', schema: payment, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED', 'NOT_FOUND', 'UNKNOWN_REFERENCE', 'PAYMENT_CONFLICT'],
    async handle(ctx) {
      const { deps, principal, ability, session, body, now } = ctx
      requireFinance(ctx)
      if (body.customerId !== undefined) await new References(deps, principal, ability).customers([body.customerId], 'customerId')
      const source = session.kind === 'token' ? 'bank' : 'finance'
      const { replayed } = await takePayment(deps, { ...body, source, enteredBy: principal.id, now })
      const taken = await requirePayment(ctx, body.bankNo)
      return replayed ? { status: 200, body: taken, headers: { 'Idempotent-Replayed': 'true' } } : { status: 201, body: taken }
    },
  }),
  operation({
    id: 'matchPayment',
    method: 'post',
    path: '/payments/{bankNo}/match',
    tag: 'Payments',
    summary: 'Say for which order a payment is',
    noKey: 'Matching it to the same order again changes nothing.',
    params: paymentParams,
    body: matchIn,
    answers: { 200: { description: 'Matched; the order is told.', schema: payment } },
    problems: ['NOT_ALLOWED', 'UNKNOWN_REFERENCE', 'PAYMENT_CONFLICT'],
    async handle(ctx) {
      const { deps, params, body } = ctx
      requireFinance(ctx)
      await requirePayment(ctx, params.bankNo)
      await requireInSight(ctx, body.order)
      await matchPayment(deps, params.bankNo, body.order)
      return { status: 200, body: await requirePayment(ctx, params.bankNo) }
    },
  }),
]
