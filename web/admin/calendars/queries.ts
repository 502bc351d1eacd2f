import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { calendarChange, calendarList, calendarYear } from '../../../api/schemas/calendar.ts'
import { get } from '../../http/client.ts'

export type CalendarYear = z.output<typeof calendarYear>
export type CalendarChange = z.output<typeof calendarChange>
export type CalendarSpec = CalendarYear['calendar']['spec']
export type Day = CalendarYear['days'][number]
export type DayKind = Day['kind']
export type Shift = CalendarSpec['shifts'][number]

export const calendarsQuery = queryOptions({
  queryKey: ['calendars'],
  queryFn: ({ signal }) => get<z.output<typeof calendarList>>('/calendars', {}, signal),
})

export const calendarQuery = (id: string, year: number | undefined) =>
  queryOptions({
    queryKey: ['calendars', id, { year }],
    queryFn: ({ signal }) => get<CalendarYear>(`/calendars/${id}`, { year }, signal),
  })
