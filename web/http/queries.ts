/** Reads that several rooms share. A key begins with what it is about, so that a change of it can be told (live/follow.ts). */
import { QueryClient, queryOptions } from '@tanstack/react-query'
import { get } from './client.ts'
import { ApiProblem } from './problem.ts'
import type { EventList, Me, NotificationList, Order, OrderList, ProcessDetail, ProcessSummary, TaskList } from './types.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    // Nobody answered is an answer: what was read before stays on the screen, and a command may wait on the device.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 15_000,
      retry: (failures, error) => !(error instanceof ApiProblem && error.status < 500) && failures < 2,
    },
  },
})

type Filters = Readonly<Record<string, string | number | boolean | undefined>>

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => get<Me>('/me', {}, signal), staleTime: 300_000 })

export const processesQuery = queryOptions({
  queryKey: ['processes'],
  queryFn: ({ signal }) => get<{ items: ProcessSummary[] }>('/processes', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

export const processQuery = (id: string) =>
  queryOptions({
    queryKey: ['process', id],
    queryFn: ({ signal }) => get<ProcessDetail>(`/processes/${id}`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const tasksQuery = (filters: Filters) =>
  queryOptions({ queryKey: ['tasks', filters], queryFn: ({ signal }) => get<TaskList>('/tasks', filters, signal) })

export const ordersQuery = (filters: Filters) =>
  queryOptions({ queryKey: ['orders', filters], queryFn: ({ signal }) => get<OrderList>('/orders', filters, signal) })

export const orderQuery = (id: string) =>
  queryOptions({ queryKey: ['order', id], queryFn: ({ signal }) => get<Order>(`/orders/${id}`, {}, signal) })

export const eventsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'events'],
    queryFn: ({ signal }) => get<EventList>(`/orders/${id}/events`, { limit: 500 }, signal),
  })

export const notificationsQuery = (filters: Filters = {}) =>
  queryOptions({ queryKey: ['notifications', filters], queryFn: ({ signal }) => get<NotificationList>('/notifications', filters, signal) })
