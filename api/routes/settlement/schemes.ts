import { feeKinds, feeTitles, variables } from '../../../domain/settlement/variables.ts'
import type { BusinessScheme } from '../../../domain/settlement/scheme.ts'
import { checkScheme } from '../../../domain/settlement/check.ts'
import { logAdmin } from '../../../prisma/admin-log.ts'
import { businessSchemes, releaseScheme, saveScheme } from '../../../prisma/settlement/schemes.ts'
import { tryScheme } from '../../../prisma/settlement/try.ts'
import type { SchemeProblem } from '../../../domain/settlement/scheme.ts'
import { once } from '../../http/idempotency.ts'
import { type Ctx, operation } from '../../http/operation.ts'
import { fieldError } from '../../field-errors.ts'
import { Problem } from '../../problem.ts'
import { namesOf } from '../../queries/names.ts'
import { requireRun } from '../../queries/settlement/runs.ts'
import { listSchemes, wholeScheme } from '../../queries/settlement/schemes.ts'
import type { Db } from '../../queries/sql.ts'
import {
  releaseIn,
  schemeIn,
  schemeList,
  schemeParams,
  schemesQuery,
  schemeWhole,
  trial,
  trialIn,
  variableList,
} from '../../schemas/settlement.ts'

type Caller = Pick<Ctx, 'ability'>

/** @throws Problem NOT_ALLOWED */
function allowed({ ability }: Caller, action: 'read' | 'change' | 'release'): void {
  const who = {
    read: { zh: '仅限结算、财务、主管与稽核', en: 'settlement, finance, supervisors and auditors' },
    change: { zh: '仅限结算人员与市场部', en: 'settlement clerks and the market department' },
    release: { zh: '仅限市场部与总监', en: 'the market department and directors' },
  }
  if (!ability.can(action, 'Settlement')) throw new Problem('NOT_ALLOWED', { says: who[action] })
}

async function shown(db: Db, id: string) {
  const whole = await wholeScheme(db, id)
  return {
    ...whole,
    names: await namesOf(
      db,
      whole.versions.flatMap(({ savedBy, releasedBy }) => (releasedBy ? [savedBy, releasedBy] : [savedBy])),
    ),
  }
}

const refused = (problems: readonly SchemeProblem[], prefix: string) =>
  new Problem('VALIDATION_FAILED', {
    errors: problems.map(({ field, message }) => fieldError(`${prefix}${field}`, 'INVALID', message, `${message.en} / ${message.zh}`)),
  })

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

export const schemeOperations = [
  operation({
    id: 'listSettlementVariables',
    method: 'get',
    path: '/settlement-variables',
    tag: 'Settlement',
    summary: 'Settlement variables, and where each may be used',
    answers: { 200: { description: 'All of them.', schema: variableList } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'read')
      const items = Object.entries(variables).map(([id, { fees, ...rest }]) => ({ id, fees: fees ?? false, ...rest }))
      return { status: 200, body: { items, fees: feeKinds.map((id) => ({ id, title: feeTitles[id] })) } }
    },
  }),
  operation({
    id: 'listSchemes',
    method: 'get',
    path: '/schemes',
    tag: 'Settlement',
    summary: 'Settlement schemes',
    query: schemesQuery,
    answers: { 200: { description: 'Composite ones last.', schema: schemeList } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'read')
      return { status: 200, body: { items: await listSchemes(ctx.deps.pool, ctx.query) } }
    },
  }),
  operation({
    id: 'getScheme',
    method: 'get',
    path: '/schemes/{id}',
    tag: 'Settlement',
    summary: 'A scheme with all its versions',
    params: schemeParams,
    answers: { 200: { description: 'The newest version first.', schema: schemeWhole } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'read')
      return { status: 200, body: await shown(ctx.deps.pool, ctx.params.id) }
    },
  }),
  operation({
    id: 'saveScheme',
    method: 'post',
    path: '/schemes/{id}',
    tag: 'Settlement',
    summary: 'Save a draft: a new scheme, or the next version of one',
    description: 'A variable out of its authorised scope is refused here, by field; nothing is kept then.',
    params: schemeParams,
    body: schemeIn,
    answers: {
      201: { description: 'The draft.', schema: schemeWhole },
      200: { description: 'Had been saved by the same request before.', schema: schemeWhole, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'change')
      const { deps, principal, params, body, key, now } = ctx
      return once(deps.pool, { principal: principal.id, key, route: 'saveScheme', content: { params, body }, now }, async (client) => {
        const saved = await saveScheme(client, {
          id: params.id,
          nameZh: body.name.zh,
          nameEn: body.name.en,
          spec: body.spec,
          by: principal.id,
          at: now.getTime(),
        })
        if (!saved.saved) throw refused(saved.problems, 'spec.')
        return { status: 201, body: await shown(client, params.id) }
      })
    },
  }),
  operation({
    id: 'releaseScheme',
    method: 'post',
    path: '/schemes/{id}/releases',
    tag: 'Settlement',
    summary: 'Put a draft in force; not by who saved it',
    params: schemeParams,
    body: releaseIn,
    answers: {
      201: { description: 'The scheme as it is now.', schema: schemeWhole },
      200: { description: 'Had been released by the same request before.', schema: schemeWhole, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED', 'POLICY_CHANGED'],
    async handle(ctx) {
      allowed(ctx, 'release')
      const { deps, principal, params, body, key, now } = ctx
      return once(deps.pool, { principal: principal.id, key, route: 'releaseScheme', content: { params, body }, now }, async (client) => {
        const found = (await wholeScheme(client, params.id)).versions.find(({ version }) => version === body.version)
        if (found?.savedBy === principal.id)
          throw new Problem('NOT_ALLOWED', { says: { zh: '您保存的须由他人发布', en: 'somebody else releases what you have saved' } })
        if (!found || !(await releaseScheme(client, params.id, body.version, principal.id, now.getTime())))
          throw new Problem('POLICY_CHANGED', { says: { zh: `版本 ${body.version} 不是草稿`, en: `version ${body.version} is no draft` } })
        const detail = { version: body.version }
        const released = await shown(client, params.id)
        await logAdmin(client, { actor: principal.id, action: 'scheme-released', subject: params.id, detail, at: now })
        return { status: 201, body: released }
      })
    },
  }),
  operation({
    id: 'tryScheme',
    method: 'post',
    path: '/schemes/{id}/trials',
    tag: 'Settlement',
    summary: 'Try a business scheme on the users of a closed run: what each agent would get beside what he got',
    noKey: 'Nothing is written.',
    params: schemeParams,
    body: trialIn,
    answers: { 200: { description: 'The greatest difference first.', schema: trial } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'read')
      const { deps, principal, params, body } = ctx
      const run = await requireRun(deps.pool, principal, body.run)
      const whole = await wholeScheme(deps.pool, params.id)
      if (whole.nature !== 'business')
        throw refused([{ field: 'id', message: { zh: '只能试算业务方案', en: 'only a business scheme can be tried' } }], '')
      const newest = whole.versions.find(({ state }) => state !== 'withdrawn')
      const spec = (body.spec ?? newest?.spec) as BusinessScheme | undefined
      if (!spec) throw new Problem('NOT_FOUND')
      const problems = checkScheme(spec, await businessSchemes(deps.pool))
      if (problems.length > 0) throw refused(problems, 'spec.')
      const tried = await tryScheme(deps.pool, run.id, params.id, spec)
      const items = tried.map(({ agent, users, before, after, difference }) => ({
        agent,
        users,
        before: Number(before),
        after: Number(after),
        difference: Number(difference),
      }))
      return {
        status: 200,
        body: {
          run: run.id,
          users: sum(items.map(({ users }) => users)),
          before: sum(items.map(({ before }) => before)),
          after: sum(items.map(({ after }) => after)),
          difference: sum(items.map(({ difference }) => difference)),
          items,
        },
      }
    },
  }),
]
