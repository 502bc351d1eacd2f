import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { staffLoad, timeline } from '../../api/schemas/staff-load.ts'
import { get } from '../http/client.ts'

export type Load = z.output<typeof staffLoad>
export type Timeline = z.output<typeof timeline>
export type TimelineRow = Timeline['items'][number]
export type TimelineTask = TimelineRow['tasks'][number]

const MOST = 200

export const loadQuery = (unit?: string) =>
  queryOptions({ queryKey: ['load', { unit }], queryFn: ({ signal }) => get<Load>('/staff/load', { unit, limit: MOST }, signal) })

/** @param from, to epoch ms */
export const timelineQuery = (from: number, to: number, unit?: string) =>
  queryOptions({
    queryKey: ['load', 'timeline', from, to, { unit }],
    queryFn: ({ signal }) =>
      get<Timeline>('/staff/timeline', { from: new Date(from).toISOString(), to: new Date(to).toISOString(), unit, limit: MOST }, signal),
  })
