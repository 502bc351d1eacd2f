import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { adminChain, adminLog } from '../../api/schemas/admin.ts'
import type { policy, policyChange, policyList, policyVersions } from '../../api/schemas/policy.ts'
import type { schedules } from '../../api/schemas/schedule.ts'
import { get } from '../http/client.ts'

export type Policy = z.output<typeof policy>
export type PolicyKind = Policy['kind']
export type PolicyChange = z.output<typeof policyChange>
export type Schedules = z.output<typeof schedules>
export type Schedule = Schedules['items'][number]

export const kinds = [
  'limits',
  'ladders',
  'authority',
  'dispatch',
  'screening',
  'repeat',
  'review',
  'validity',
  'credit',
  'late-payment',
] as const satisfies readonly PolicyKind[]

export const policiesQuery = (kind: PolicyKind, process?: string) =>
  queryOptions({
    queryKey: ['policies', kind, { process }],
    queryFn: ({ signal }) => get<z.output<typeof policyList>>('/policies', { kind, process }, signal),
  })

export const policyPath = ({ kind, id }: Pick<Policy, 'kind' | 'id'>): string => `/policies/${kind}/${encodeURIComponent(id)}`

export const versionsQuery = (policy: Pick<Policy, 'kind' | 'id'>) =>
  queryOptions({
    queryKey: ['policies', policy.kind, policy.id],
    queryFn: ({ signal }) => get<z.output<typeof policyVersions>>(policyPath(policy), {}, signal),
  })

export const schedulesQuery = queryOptions({
  queryKey: ['schedules'],
  queryFn: ({ signal }) => get<Schedules>('/schedules', {}, signal),
})

export const adminLogQuery = infiniteQueryOptions({
  queryKey: ['admin-log'],
  initialPageParam: '',
  queryFn: ({ pageParam, signal }) => get<z.output<typeof adminLog>>('/admin-log', { limit: 50, cursor: pageParam || undefined }, signal),
  getNextPageParam: ({ page }) => page.next ?? undefined,
})

export const adminChainQuery = queryOptions({
  queryKey: ['admin-log', 'chain'],
  queryFn: ({ signal }) => get<z.output<typeof adminChain>>('/admin-log/verification', {}, signal),
})
