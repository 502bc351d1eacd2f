import { once } from '../../http/idempotency.ts'
import { type Ctx, operation } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { namesOf } from '../../queries/names.ts'
import { addChoice, ledgerOf, listAgents, requireAgent, wholeAgent } from '../../queries/settlement/agents.ts'
import type { Db } from '../../queries/sql.ts'
import { agentList, agentParams, agentsQuery, agentWhole, choiceIn, ledgerList, ledgerQuery } from '../../schemas/settlement.ts'

type Caller = Pick<Ctx, 'principal' | 'ability'>

/** @throws Problem NOT_ALLOWED */
function readable({ ability }: Caller): void {
  if (!ability.can('read', 'Agent'))
    throw new Problem('NOT_ALLOWED', {
      says: { zh: '仅限结算、财务、主管、稽核与代理商本人', en: 'settlement, finance, supervisors, auditors and the agent himself' },
    })
}

/** @throws Problem NOT_FOUND */
const inSight = (db: Db, { principal, ability }: Caller, id: string) => requireAgent(db, principal, ability, id)

async function shown(db: Db, caller: Caller, id: string) {
  const whole = await wholeAgent(db, await inSight(db, caller, id))
  return { ...whole, names: await namesOf(db, [whole.department, ...whole.schemes.map(({ setBy }) => setBy)]) }
}

export const agentOperations = [
  operation({
    id: 'listAgents',
    method: 'get',
    path: '/agents',
    tag: 'Settlement',
    summary: 'Agents in sight',
    query: agentsQuery,
    answers: { 200: { description: 'A page by number.', schema: agentList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      readable(ctx)
      const { deps, principal, ability, query } = ctx
      const { items, page } = await listAgents(deps.pool, principal, ability, query)
      return {
        status: 200,
        body: {
          items,
          page,
          names: await namesOf(
            deps.pool,
            items.map(({ department }) => department),
          ),
        },
      }
    },
  }),
  operation({
    id: 'getAgent',
    method: 'get',
    path: '/agents/{id}',
    tag: 'Settlement',
    summary: 'An agent: sub-accounts, schemes and how long they hold',
    params: agentParams,
    answers: { 200: { description: 'As the record has him.', schema: agentWhole } },
    async handle(ctx) {
      return { status: 200, body: await shown(ctx.deps.pool, ctx, ctx.params.id) }
    },
  }),
  operation({
    id: 'setAgentScheme',
    method: 'post',
    path: '/agents/{id}/schemes',
    tag: 'Settlement',
    summary: 'Say which composite scheme an agent has, first choice or substitute, and how long',
    params: agentParams,
    body: choiceIn,
    answers: {
      201: { description: 'The agent as he is now.', schema: agentWhole },
      200: { description: 'Had been said by the same request before.', schema: agentWhole, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED', 'UNKNOWN_REFERENCE'],
    async handle(ctx) {
      const { deps, principal, ability, params, body, key, now } = ctx
      await inSight(deps.pool, ctx, params.id)
      if (!ability.can('change', 'Settlement'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '仅限结算人员与市场部', en: 'settlement clerks and the market department' } })
      return once(deps.pool, { principal: principal.id, key, route: 'setAgentScheme', content: { params, body }, now }, async (client) => {
        await addChoice(client, params.id, body, { by: principal.id, now })
        return { status: 201, body: await shown(client, ctx, params.id) }
      })
    },
  }),
  operation({
    id: 'listLedger',
    method: 'get',
    path: '/agents/{id}/ledger',
    tag: 'Settlement',
    summary: "Bookings on an agent's deposit, rebate and prepaid accounts",
    params: agentParams,
    query: ledgerQuery,
    answers: { 200: { description: 'A page, the latest first.', schema: ledgerList } },
    problems: ['BAD_CURSOR'],
    async handle(ctx) {
      await inSight(ctx.deps.pool, ctx, ctx.params.id)
      return { status: 200, body: await ledgerOf(ctx.deps.pool, ctx.params.id, ctx.query) }
    },
  }),
]
