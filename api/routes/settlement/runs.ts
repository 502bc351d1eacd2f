import { differencesOf } from '../../../prisma/settlement/differences.ts'
import { askRun, findRun } from '../../../prisma/settlement/runs.ts'
import { once } from '../../http/idempotency.ts'
import { type Ctx, operation } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { namesOf } from '../../queries/names.ts'
import { listRuns, listSkips, requireRun, type RunRow, runOf, tallies } from '../../queries/settlement/runs.ts'
import type { Db } from '../../queries/sql.ts'
import { differenceList, runList, runParams, runsQuery, runWhole, skipList, skipsQuery, wantedIn } from '../../schemas/settlement.ts'

type Caller = Pick<Ctx, 'ability' | 'principal'>

/** @throws Problem NOT_ALLOWED */
function readable({ ability }: Caller): void {
  if (!ability.can('read', 'Settlement'))
    throw new Problem('NOT_ALLOWED', { says: { zh: '仅限结算、财务、主管与稽核', en: 'settlement, finance, supervisors and auditors' } })
}

/** @throws Problem NOT_ALLOWED, NOT_FOUND */
async function inSight(db: Db, caller: Caller, id: string): Promise<RunRow> {
  readable(caller)
  return requireRun(db, caller.principal, id)
}

const named = ({ department_id: department, opened_by: by }: RunRow): string[] => (by === null ? [department] : [department, by])

async function shown(db: Db, row: RunRow) {
  return { ...runOf(row), ...(await tallies(db, row)), leftOut: row.left_out, note: row.note, names: await namesOf(db, named(row)) }
}

const number = (fen: bigint | null) => (fen === null ? null : Number(fen))

export const runOperations = [
  operation({
    id: 'listSettlementRuns',
    method: 'get',
    path: '/settlement-runs',
    tag: 'Settlement',
    summary: 'Settlement runs with their progress',
    description: 'A run is opened by starting an order of P-57, P-58, P-59 or P-61; its id is that of the order.',
    query: runsQuery,
    answers: { 200: { description: 'A page, the latest first.', schema: runList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      readable(ctx)
      const { items, page } = await listRuns(ctx.deps.pool, ctx.principal, ctx.query)
      return { status: 200, body: { items: items.map(runOf), page, names: await namesOf(ctx.deps.pool, items.flatMap(named)) } }
    },
  }),
  operation({
    id: 'getSettlementRun',
    method: 'get',
    path: '/settlement-runs/{id}',
    tag: 'Settlement',
    summary: 'A run: rows done, rate, time left; bills by state, agents left out by reason',
    params: runParams,
    answers: { 200: { description: 'As it is now.', schema: runWhole } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      return { status: 200, body: await shown(ctx.deps.pool, await inSight(ctx.deps.pool, ctx, ctx.params.id)) }
    },
  }),
  operation({
    id: 'askSettlementRun',
    method: 'post',
    path: '/settlement-runs/{id}/requests',
    tag: 'Settlement',
    summary: 'Ask a run to pause, to go on, or to stop; it looks between two pages',
    params: runParams,
    body: wantedIn,
    answers: {
      202: { description: 'Asked.', schema: runWhole },
      200: { description: 'Had been asked by the same request before.', schema: runWhole, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED', 'ORDER_CLOSED'],
    async handle(ctx) {
      const { deps, principal, ability, params, body, key, now } = ctx
      await inSight(deps.pool, ctx, params.id)
      if (!ability.can('change', 'Settlement'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '仅限结算人员与市场部', en: 'settlement clerks and the market department' } })
      return once(
        deps.pool,
        { principal: principal.id, key, route: 'askSettlementRun', content: { params, body }, now },
        async (client) => {
          if (!(await askRun(client, params.id, body.wanted)))
            throw new Problem('ORDER_CLOSED', { says: { zh: '该批次已不再计算', en: 'the run does not compute any more' } })
          return { status: 202, body: await shown(client, await requireRun(client, principal, params.id)) }
        },
      )
    },
  }),
  operation({
    id: 'listSettlementSkips',
    method: 'get',
    path: '/settlement-runs/{id}/skips',
    tag: 'Settlement',
    summary: 'Agents who take no part in a run, or not with all their business, and why',
    params: runParams,
    query: skipsQuery,
    answers: { 200: { description: 'A page by agent.', schema: skipList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      return { status: 200, body: await listSkips(ctx.deps.pool, await inSight(ctx.deps.pool, ctx, ctx.params.id), ctx.query) }
    },
  }),
  operation({
    id: 'listSettlementDifferences',
    method: 'get',
    path: '/settlement-runs/{id}/differences',
    tag: 'Settlement',
    summary: 'A re-settlement beside what it settles anew',
    params: runParams,
    answers: { 200: { description: 'Every agent whose bill differs; none until it is computed.', schema: differenceList } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      const { pool } = ctx.deps
      const { id, replaces } = await inSight(pool, ctx, ctx.params.id)
      const [run, old] = [await findRun(pool, id), replaces === null ? undefined : await findRun(pool, replaces)]
      if (!run || !old) throw new Problem('NOT_FOUND', { says: { zh: '该批次没有重新结算', en: 'the run settles nothing anew' } })
      // While it is computed, bills that are not there yet would look like money taken away.
      const computed = ['computed', 'closed', 'replaced'].includes(run.state)
      const items = (computed ? await differencesOf(pool, run, old) : []).map(({ before, after, difference, ...row }) => ({
        ...row,
        before: number(before),
        after: number(after),
        difference: Number(difference),
      }))
      return { status: 200, body: { run: id, replaces: old.id, items } }
    },
  }),
]
