import { changePolicy, previewChange } from '../policies/change.ts'
import { etag, expectedVersion } from '../http/etag.ts'
import { once } from '../http/idempotency.ts'
import { type Ctx, operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { namesOf } from '../queries/names.ts'
import { readPolicies, readVersions, shown, type Version } from '../queries/policies.ts'
import {
  changeIn,
  changeQuery,
  policiesQuery,
  policyChange,
  type PolicyKind,
  policyList,
  policyParams,
  policyVersions,
} from '../schemas/policy.ts'
import { API } from './orders.ts'

const readable = ({ ability }: Pick<Ctx, 'ability'>): void => {
  if (!ability.can('read', 'Policy')) throw new Problem('NOT_ALLOWED')
}

async function list({ deps, now }: Pick<Ctx, 'deps' | 'now'>, kind: PolicyKind, versions: readonly Version[]) {
  const names = await namesOf(
    deps.pool,
    versions.map(({ changed_by: by }) => by),
  )
  return { items: versions.map((version) => shown(deps.catalogue, kind, version, now)), names }
}

export const policyOperations = [
  operation({
    id: 'listPolicies',
    method: 'get',
    path: '/policies',
    tag: 'Policies',
    summary: 'What is data: limits, ladders, authority, dispatch, screening, repeats, reviews, validity',
    query: policiesQuery,
    answers: { 200: { description: 'Those in force, or all versions.', schema: policyList } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      readable(ctx)
      return { status: 200, body: await list(ctx, ctx.query.kind, await readPolicies(ctx.deps.pool, ctx.query, ctx.now)) }
    },
  }),
  operation({
    id: 'getPolicy',
    method: 'get',
    path: '/policies/{kind}/{id}',
    tag: 'Policies',
    summary: 'All versions of one policy: who changed it, when and why',
    params: policyParams,
    answers: { 200: { description: 'The latest first.', schema: policyVersions, headers: ['ETag'] } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      readable(ctx)
      const { kind, id } = ctx.params
      const versions = (await readVersions(ctx.deps.pool, kind, id)).reverse()
      if (!versions[0]) throw new Problem('NOT_FOUND')
      return { status: 200, body: await list(ctx, kind, versions), headers: { ETag: etag(versions[0].version) } }
    },
  }),
  operation({
    id: 'changePolicy',
    method: 'post',
    path: '/policies/{kind}/{id}',
    tag: 'Policies',
    summary: 'Change a policy: the next version, from an instant on',
    description:
      'Nothing that was valid is changed or removed, and orders keep the version they began with. A step or process that has no rule of dispatch yet can be given one.',
    params: policyParams,
    query: changeQuery,
    body: changeIn,
    headers: [{ name: 'If-Match', description: 'The ETag of the versions on which it was decided: 412 where there is another since.' }],
    answers: {
      201: { description: 'The version is written.', schema: policyChange, headers: ['Location', 'ETag'] },
      200: {
        description: 'A preview: nothing is written. With Idempotent-Replayed: it was written before.',
        schema: policyChange,
        headers: ['Location', 'ETag', 'Idempotent-Replayed'],
      },
    },
    problems: ['NOT_ALLOWED', 'POLICY_CHANGED', 'BAD_VERSION'],
    async handle(ctx) {
      const { deps, req, principal, params, query, body, key, now } = ctx
      const expect = expectedVersion(req)
      const change = { ...params, body, expect, now }
      if (query.preview) return { status: 200, body: await previewChange(deps, ctx, change) }
      return once(
        deps.pool,
        { principal: principal.id, key, route: 'changePolicy', content: { params, body, expect }, now },
        async (client) => {
          const changed = await changePolicy(deps, client, ctx, change)
          const { id, version } = changed.policy
          const headers = { Location: `${API}/policies/${params.kind}/${encodeURIComponent(id)}`, ETag: etag(version) }
          return { status: 201, body: changed, headers }
        },
      )
    },
  }),
]
