import { releaseModelIn } from '../../../prisma/retention/models.ts'
import { once } from '../../http/idempotency.ts'
import { operation } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { namesOf } from '../../queries/names.ts'
import { listAlarms, listCases, listDetections, listModels, reportOf, requireDetection } from '../../queries/retention.ts'
import type { Db } from '../../queries/sql.ts'
import {
  alarmList,
  alarmsQuery,
  caseList,
  casesQuery,
  detectionWhole,
  detectionList,
  detectionParams,
  detectionsQuery,
  modelList,
  modelParams,
  versionIn,
} from '../../schemas/retention.ts'
import { allowed } from './allowed.ts'

async function shown(db: Db, id?: string) {
  const items = await listModels(db, id)
  if (id !== undefined && items.length === 0) throw new Problem('NOT_FOUND')
  return {
    items,
    names: await namesOf(
      db,
      items.flatMap(({ savedBy, releasedBy }) => [savedBy, releasedBy]),
    ),
  }
}

export const detectionOperations = [
  operation({
    id: 'listModels',
    method: 'get',
    path: '/models',
    tag: 'Retention',
    summary: 'Rule sets and scorecards with all their versions',
    answers: { 200: { description: 'By process; the newest version first.', schema: modelList } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'read')
      return { status: 200, body: await shown(ctx.deps.pool) }
    },
  }),
  operation({
    id: 'releaseModel',
    method: 'post',
    path: '/models/{id}/releases',
    tag: 'Retention',
    summary: 'Put the draft of a model in force; the version before retires',
    params: modelParams,
    body: versionIn,
    answers: {
      201: { description: 'The versions as they are now.', schema: modelList },
      200: { description: 'Had been released by the same request before.', schema: modelList, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED', 'POLICY_CHANGED'],
    async handle(ctx) {
      allowed(ctx, 'release')
      const { deps, principal, params, body, key, now } = ctx
      return once(deps.pool, { principal: principal.id, key, route: 'releaseModel', content: { params, body }, now }, async (client) => {
        await shown(client, params.id)
        if (!(await releaseModelIn(client, params.id, body.version, principal.id, now.getTime())))
          throw new Problem('POLICY_CHANGED', { says: { zh: `版本 ${body.version} 不是草稿`, en: `version ${body.version} is no draft` } })
        return { status: 201, body: await shown(client, params.id) }
      })
    },
  }),
  operation({
    id: 'listDetections',
    method: 'get',
    path: '/detections',
    tag: 'Retention',
    summary: 'Detection runs: looked at, alarmed, opened, held back',
    description: 'A run is started as an order of P-34, P-35 or P-37 with the entry `run`, by hand or by a schedule.',
    query: detectionsQuery,
    answers: { 200: { description: 'A page, the latest first.', schema: detectionList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      allowed(ctx, 'read')
      return { status: 200, body: await listDetections(ctx.deps.pool, ctx.principal, ctx.query) }
    },
  }),
  operation({
    id: 'getDetection',
    method: 'get',
    path: '/detections/{id}',
    tag: 'Retention',
    summary: 'A detection run: looked at, alarmed, opened, held back, and why',
    params: detectionParams,
    answers: { 200: { description: 'As it was written.', schema: detectionWhole } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'read')
      const { pool } = ctx.deps
      const run = await requireDetection(pool, ctx.principal, ctx.params.id)
      return { status: 200, body: { ...run, ...(await reportOf(pool, run.id)) } }
    },
  }),
  operation({
    id: 'listAlarms',
    method: 'get',
    path: '/detections/{id}/alarms',
    tag: 'Retention',
    summary: 'Who was alarmed in a run and why; who was held back and why',
    params: detectionParams,
    query: alarmsQuery,
    answers: { 200: { description: 'A page, the best value first.', schema: alarmList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      allowed(ctx, 'read')
      const { pool } = ctx.deps
      const { id } = await requireDetection(pool, ctx.principal, ctx.params.id)
      const found = await listAlarms(pool, id, ctx.query)
      return {
        status: 200,
        body: {
          ...found,
          names: await namesOf(
            pool,
            found.items.map(({ manager }) => manager),
          ),
        },
      }
    },
  }),
  operation({
    id: 'listCases',
    method: 'get',
    path: '/retention-cases',
    tag: 'Retention',
    summary: 'Retention cases, also those of a campaign or of a customer',
    query: casesQuery,
    answers: { 200: { description: 'A page, the latest first.', schema: caseList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      allowed(ctx, 'read')
      return { status: 200, body: await listCases(ctx.deps.pool, ctx.principal, ctx.query) }
    },
  }),
]
