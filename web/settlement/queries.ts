import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  agentList,
  agentWhole,
  billLines,
  billList,
  billWhole,
  differenceList,
  ledgerList,
  runList,
  runWhole,
  schemeList,
  schemeWhole,
  skipList,
} from '../../api/schemas/settlement.ts'
import { get } from '../http/client.ts'

export type RunList = z.output<typeof runList>
export type Run = z.output<typeof runWhole>
export type BillList = z.output<typeof billList>
export type Bill = z.output<typeof billWhole>
export type BillLines = z.output<typeof billLines>
export type AgentList = z.output<typeof agentList>
export type Agent = z.output<typeof agentWhole>
export type Scheme = z.output<typeof schemeWhole>
export type SchemeList = z.output<typeof schemeList>

type Filters = Readonly<Record<string, string | number | undefined>>
interface Paged {
  page: { next: string | null }
}

const PAGE = 50
/** A run that computes is looked at so often. */
const WATCH_MS = 1_500

const paged = <T extends Paged>(key: readonly unknown[], path: string, filters: Filters = {}) =>
  infiniteQueryOptions({
    queryKey: [...key, filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<T>(path, { ...filters, limit: PAGE, cursor: pageParam || undefined }, signal),
    getNextPageParam: ({ page }: T) => page.next ?? undefined,
  })

export const busy = (state: string): boolean => ['open', 'extracted', 'chosen', 'computing'].includes(state)

export const runsQuery = (filters: Filters) => ({
  ...paged<RunList>(['runs'], '/settlement-runs', filters),
  refetchInterval: ({ state }: { state: { data?: { pages: RunList[] } } }) =>
    state.data?.pages[0]?.items.some((run) => busy(run.state)) ? WATCH_MS : (false as const),
})

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => get<Run>(`/settlement-runs/${id}`, {}, signal),
    refetchInterval: ({ state }) => (state.data && busy(state.data.state) ? WATCH_MS : false),
  })

export const skipsQuery = (run: string) => paged<z.output<typeof skipList>>(['run', run, 'skips'], `/settlement-runs/${run}/skips`)

export const differencesQuery = (run: string) =>
  queryOptions({
    queryKey: ['run', run, 'differences'],
    queryFn: ({ signal }) => get<z.output<typeof differenceList>>(`/settlement-runs/${run}/differences`, {}, signal),
  })

export const billsQuery = (filters: Filters) => paged<BillList>(['bills'], '/bills', filters)

export const billQuery = (id: string) =>
  queryOptions({ queryKey: ['bill', id], queryFn: ({ signal }) => get<Bill>(`/bills/${encodeURIComponent(id)}`, {}, signal) })

export const linesQuery = (id: string) => paged<BillLines>(['bill', id, 'lines'], `/bills/${encodeURIComponent(id)}/lines`)

export const agentsQuery = (filters: Filters) => paged<AgentList>(['agents'], '/agents', filters)

export const agentQuery = (id: string) =>
  queryOptions({ queryKey: ['agent', id], queryFn: ({ signal }) => get<Agent>(`/agents/${id}`, {}, signal) })

export const ledgerQuery = (agent: string) => paged<z.output<typeof ledgerList>>(['agent', agent, 'ledger'], `/agents/${agent}/ledger`)

export const schemeQuery = (id: string) =>
  queryOptions({ queryKey: ['schemes', id], queryFn: ({ signal }) => get<Scheme>(`/schemes/${encodeURIComponent(id)}`, {}, signal) })

export const schemesQuery = queryOptions({
  queryKey: ['schemes', 'all'],
  queryFn: ({ signal }) => get<SchemeList>('/schemes', {}, signal),
})
