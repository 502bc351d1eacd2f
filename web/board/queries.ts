import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { bulkResults, candidates } from '../../api/schemas/dispatch.ts'
import { get } from '../http/client.ts'
import type { TaskItem } from '../http/types.ts'
import { lanePages } from '../live/lane-pages.ts'

export type Candidates = z.output<typeof candidates>
export type BulkResult = z.output<typeof bulkResults>['results'][number]

export const lanes = ['undispatched', 'offered', 'working', 'waiting', 'risk', 'overdue', 'all'] as const
export type Lane = (typeof lanes)[number]

export interface LaneFilters {
  lane: Lane
  process?: string
  unit?: string
  region?: string
  product?: string
  step?: string
}

const PAGE = 100

/** A lane page by page; every page knows where the next begins. */
export const laneQuery = (filters: LaneFilters) => lanePages({ ...filters }, { size: PAGE, counts: true })

export const candidatesQuery = (item: Pick<TaskItem, 'order' | 'task'>) =>
  queryOptions({
    queryKey: ['order', item.order, 'candidates', item.task],
    queryFn: ({ signal }) => get<Candidates>(`/tasks/${item.order}/${item.task}/candidates`, {}, signal),
  })

/** A task on the board: two orders may have tasks of one name. */
export const rowId = ({ order, task, party }: TaskItem): string => `${order} ${task} ${party ?? ''}`
