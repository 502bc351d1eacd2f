/** Whether record and engine agree, and whether the deployed code fits the open orders. */
import { findingKinds } from '../../domain/health/findings.ts'
import { latestReconciliation } from '../../prisma/recovery/findings.ts'
import { latestGate } from '../../prisma/recovery/gate.ts'
import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { findings, reconciliationAsked } from '../schemas/health.ts'

export const healthOperations = [
  operation({
    id: 'getFindings',
    method: 'get',
    path: '/health/findings',
    tag: 'Health',
    summary: 'Where record and engine do not agree, and what to do about it',
    description:
      'Of the latest comparison, which is made every few minutes: what is still to be done first, then what the machine repaired.',
    answers: { 200: { description: 'What was found.', schema: findings } },
    problems: ['NOT_ALLOWED'],
    async handle({ deps, ability }) {
      if (!ability.can('read', 'Health'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '仅限省级主管与稽核', en: 'this is for supervisors and auditors of the province' } })
      const [latest, gate] = await Promise.all([latestReconciliation(deps.pool), latestGate(deps.pool)])
      const items = (latest?.findings ?? []).map(({ kind, subject, detail, since, repaired }) => {
        const { title, todo } = findingKinds[kind]
        return { kind, order: subject, detail, since, repaired, title, todo }
      })
      const body = {
        checkedAt: latest?.at.toISOString() ?? null,
        tookMs: latest?.tookMs ?? null,
        looked: latest?.looked ?? null,
        repaired: latest?.repaired ?? null,
        open: latest?.total ?? {},
        items,
        gate: gate ? { ...gate, at: gate.at.toISOString() } : null,
      }
      return { status: 200, body }
    },
  }),
  operation({
    id: 'reconcile',
    method: 'post',
    path: '/health/reconciliations',
    tag: 'Health',
    summary: 'Compare record and engine now',
    answers: { 202: { description: 'Told to the engine; what it finds follows in /health/findings.', schema: reconciliationAsked } },
    problems: ['NOT_ALLOWED', 'ENGINE_UNAVAILABLE'],
    async handle({ deps, ability, principal, key, now }) {
      if (!ability.can('change', 'Health'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '仅限省级主管', en: 'this is for supervisors of the province' } })
      return once(deps.pool, { principal: principal.id, key, route: 'reconcile', content: {}, now }, async () => {
        await deps.engine.schedules.reconcile(`${principal.id}-${key}`)
        return { status: 202, body: { askedAt: now.toISOString() } }
      })
    },
  }),
]
