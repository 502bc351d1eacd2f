import { moveCampaign, saveCampaign } from '../../../prisma/retention/campaigns.ts'
import { once } from '../../http/idempotency.ts'
import { operation } from '../../http/operation.ts'
import { fieldError } from '../../field-errors.ts'
import { Problem } from '../../problem.ts'
import { listCampaigns, measured, requireCampaign } from '../../queries/campaigns.ts'
import { namesOf } from '../../queries/names.ts'
import type { Principal } from '../../auth/principal.ts'
import type { Db } from '../../queries/sql.ts'
import { campaignIn, campaignList, campaignParams, campaignWhole, moveIn } from '../../schemas/retention.ts'
import { allowed } from './allowed.ts'

async function shown(db: Db, principal: Principal, id: string) {
  const whole = await measured(db, await requireCampaign(db, principal, id))
  return { ...whole, names: await namesOf(db, [whole.savedBy, whole.startedBy]) }
}

export const campaignOperations = [
  operation({
    id: 'listCampaigns',
    method: 'get',
    path: '/campaigns',
    tag: 'Retention',
    summary: 'Retention campaigns of the own region',
    answers: { 200: { description: 'The latest first.', schema: campaignList } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'read')
      const items = await listCampaigns(ctx.deps.pool, ctx.principal)
      return {
        status: 200,
        body: {
          items,
          names: await namesOf(
            ctx.deps.pool,
            items.flatMap(({ savedBy, startedBy }) => [savedBy, startedBy]),
          ),
        },
      }
    },
  }),
  operation({
    id: 'getCampaign',
    method: 'get',
    path: '/campaigns/{id}',
    tag: 'Retention',
    summary: 'A campaign measured: attempts, results, duration, cost, uplift against the holdout',
    params: campaignParams,
    answers: { 200: { description: 'As it stands.', schema: campaignWhole } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'read')
      return { status: 200, body: await shown(ctx.deps.pool, ctx.principal, ctx.params.id) }
    },
  }),
  operation({
    id: 'saveCampaign',
    method: 'post',
    path: '/campaigns/{id}',
    tag: 'Retention',
    summary: 'Save a campaign as a draft',
    params: campaignParams,
    body: campaignIn,
    answers: {
      201: { description: 'The draft.', schema: campaignWhole },
      200: { description: 'Had been saved by the same request before.', schema: campaignWhole, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      allowed(ctx, 'change')
      const { deps, principal, params, body, key, now } = ctx
      return once(deps.pool, { principal: principal.id, key, route: 'saveCampaign', content: { params, body }, now }, async (client) => {
        const saved = await saveCampaign(client, {
          id: params.id,
          ...body,
          region: principal.region.path,
          by: principal.id,
          at: now.getTime(),
        })
        if (!saved.saved)
          throw new Problem('VALIDATION_FAILED', {
            errors: saved.problems.map(({ field, message }) =>
              fieldError(field === 'id' ? field : `spec.${field}`, 'INVALID', message, `${message.en} / ${message.zh}`),
            ),
          })
        return { status: 201, body: await shown(client, principal, params.id) }
      })
    },
  }),
  operation({
    id: 'moveCampaign',
    method: 'post',
    path: '/campaigns/{id}/states',
    tag: 'Retention',
    summary: 'Start a campaign, pause it, go on, or stop it for good; somebody else starts what one has saved',
    description:
      'While it runs, orders of P-34 with the entry `run` and its id as `campaign` open its cases. Open cases go on when it is paused or stopped.',
    params: campaignParams,
    body: moveIn,
    answers: {
      201: { description: 'The campaign as it is now.', schema: campaignWhole },
      200: { description: 'Had been done by the same request before.', schema: campaignWhole, headers: ['Idempotent-Replayed'] },
    },
    problems: ['NOT_ALLOWED', 'POLICY_CHANGED'],
    async handle(ctx) {
      allowed(ctx, 'release')
      const { deps, principal, params, body, key, now } = ctx
      return once(deps.pool, { principal: principal.id, key, route: 'moveCampaign', content: { params, body }, now }, async (client) => {
        const { state, savedBy } = await requireCampaign(client, principal, params.id)
        if (state === 'draft' && savedBy === principal.id)
          throw new Problem('NOT_ALLOWED', { says: { zh: '您保存的须由他人启动', en: 'somebody else starts what you have saved' } })
        if (!(await moveCampaign(client, params.id, body.to, principal.id, now.getTime())))
          throw new Problem('POLICY_CHANGED', { says: { zh: `当前状态：${state}`, en: `it is ${state}` } })
        return { status: 201, body: await shown(client, principal, params.id) }
      })
    },
  }),
]
