import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { keptVerification, stateAt, verificationList } from '../../api/schemas/order.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { get } from '../http/client.ts'
import type { EventList } from '../http/types.ts'

export type Verdict = z.output<typeof keptVerification>
export type StateAt = Omit<z.output<typeof stateAt>, 'state'> & { state: OrderState }

/** How an order was after its event `seq`. It never changes, so it is asked once. */
export const atQuery = (order: string, seq: number) =>
  queryOptions({
    queryKey: ['at', order, seq],
    queryFn: ({ signal }) => get<StateAt>(`/orders/${order}/at`, { seq }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: seq > 0,
  })

export const verdictsQuery = (order: string) =>
  queryOptions({
    queryKey: ['verdicts', order],
    queryFn: ({ signal }) => get<z.output<typeof verificationList>>(`/orders/${order}/verifications`, {}, signal),
    // Until the replay of the latest is done.
    refetchInterval: ({ state }) => (state.data?.items[0] && !state.data.items[0].engine ? 1_000 : false),
  })

const PAGE = 200

/** Every event, page by page, the oldest first. */
export const historyQuery = (order: string) =>
  infiniteQueryOptions({
    queryKey: ['order', order, 'history'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<EventList>(`/orders/${order}/events`, { limit: PAGE, cursor: pageParam || undefined }, signal),
    getNextPageParam: ({ page }) => page.next ?? undefined,
  })
