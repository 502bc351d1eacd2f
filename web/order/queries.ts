import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { candidates } from '../../api/schemas/dispatch.ts'
import type { clockLedgers } from '../../api/schemas/history.ts'
import type { attachment, stateAt } from '../../api/schemas/order.ts'
import type { promise } from '../../api/schemas/promise.ts'
import type { offers } from '../../api/schemas/task.ts'
import type { preview, tree } from '../../api/schemas/tree.ts'
import { get } from '../http/client.ts'
import type { EventList } from '../http/types.ts'

export type Candidates = z.output<typeof candidates>
export type Attachment = z.output<typeof attachment>
export type ClockLedgers = z.output<typeof clockLedgers>
export type Promised = z.output<typeof promise>
export type Offers = z.output<typeof offers>
export type Tree = z.output<typeof tree>
export type TreeNode = Tree['nodes'][number]
export type Preview = z.output<typeof preview>

export const treeQuery = (id: string) =>
  queryOptions({ queryKey: ['order', id, 'tree'], queryFn: ({ signal }) => get<Tree>(`/orders/${id}/tree`, {}, signal) })

export const promiseQuery = (id: string) =>
  queryOptions({ queryKey: ['order', id, 'promise'], queryFn: ({ signal }) => get<Promised>(`/orders/${id}/promise`, {}, signal) })

/** The order as it was after an event: it never changes. */
export const stateQuery = (id: string, seq: number) =>
  queryOptions({
    queryKey: ['state', id, seq],
    queryFn: ({ signal }) => get<z.output<typeof stateAt>>(`/orders/${id}/at`, { seq }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const candidatesQuery = (order: string, task: string) =>
  queryOptions({
    queryKey: ['order', order, 'candidates', task],
    queryFn: ({ signal }) => get<Candidates>(`/tasks/${order}/${task}/candidates`, {}, signal),
  })

export const offersQuery = (order: string, task: string) =>
  queryOptions({
    queryKey: ['order', order, 'offers', task],
    queryFn: ({ signal }) => get<Offers>(`/tasks/${order}/${task}/offer`, {}, signal),
  })

const EVENTS = 100

/** The history, the latest first. */
export const chronicleQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['order', id, 'chronicle'],
    queryFn: ({ pageParam, signal }) =>
      get<EventList>(`/orders/${id}/events`, { sort: '-seq', limit: EVENTS, cursor: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: ({ page }) => page.next,
  })

/** Why each limit is due when it is. */
export const clocksQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'clocks'],
    queryFn: ({ signal }) => get<ClockLedgers>(`/orders/${id}/clocks`, {}, signal),
  })
