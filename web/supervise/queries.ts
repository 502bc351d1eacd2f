import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { breachReport, loadReport, timeLost } from '../../api/schemas/report.ts'
import { get } from '../http/client.ts'
import type { BreachList } from '../http/types.ts'
import { lanePages } from '../live/lane-pages.ts'

export type BreachReport = z.output<typeof breachReport>
export type TimeLost = z.output<typeof timeLost>
export type LoadReport = z.output<typeof loadReport>

export const filterNames = ['region', 'unit', 'product', 'process', 'step'] as const
/** What of the business one looks at. */
export type Filters = { readonly [K in (typeof filterNames)[number]]?: string }

export interface Scope {
  filters: Filters
  days: number
}

const DAY_MS = 86_400_000

/** The span of a report. It moves by the hour only, so that an answer can be kept for a while. */
const span = ({ filters, days }: Scope) => {
  const hour = 3_600_000
  const to = Math.ceil(Date.now() / hour) * hour
  return { ...filters, from: new Date(to - days * DAY_MS).toISOString(), to: new Date(to).toISOString() }
}

export const breachKinds = ['step', 'process', 'unit', 'region', 'product', 'holder'] as const
export type BreachKind = (typeof breachKinds)[number]
export const loadKinds = ['unit', 'person', 'process', 'step', 'region', 'product'] as const
export type LoadKind = (typeof loadKinds)[number]

export const breachReportQuery = (scope: Scope, by: BreachKind) =>
  queryOptions({
    queryKey: ['reports', 'breaches', scope, by],
    queryFn: ({ signal }) => get<BreachReport>('/reports/breaches', { ...span(scope), by, limit: 8 }, signal),
  })

export const timeLostQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ['reports', 'time-lost', scope],
    queryFn: ({ signal }) => get<TimeLost>('/reports/time-lost', { ...span(scope), limit: 10 }, signal),
  })

export const loadReportQuery = (scope: Scope, by: LoadKind) =>
  queryOptions({
    queryKey: ['reports', 'load', scope, by],
    queryFn: ({ signal }) => get<LoadReport>('/reports/load', { ...span(scope), by }, signal),
  })

const PAGE = 50

/** What waits for the reader's word. */
export const approvalsQuery = (filters: Filters) => lanePages({ ...filters, lane: 'approvals' }, { size: PAGE, counts: false })

/** Rungs that fired, the latest first. */
export const rungsQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['breaches', filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<BreachList>('/breaches', { ...filters, limit: PAGE, cursor: pageParam || undefined }, signal),
    getNextPageParam: ({ page }) => page.next ?? undefined,
  })
