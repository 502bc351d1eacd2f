import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  alarmList,
  campaignList,
  campaignWhole,
  caseList,
  detectionList,
  detectionWhole,
  modelList,
} from '../../api/schemas/retention.ts'
import { get } from '../http/client.ts'

export type Campaign = z.output<typeof campaignWhole>
export type AlarmList = z.output<typeof alarmList>
export type CaseList = z.output<typeof caseList>
export type Model = z.output<typeof modelList>['items'][number]

type Filters = Readonly<Record<string, string | number | undefined>>
interface Paged {
  page: { next: string | null }
}

const PAGE = 50

const paged = <T extends Paged>(key: readonly unknown[], path: string, filters: Filters = {}) =>
  infiniteQueryOptions({
    queryKey: [...key, filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<T>(path, { ...filters, limit: PAGE, cursor: pageParam || undefined }, signal),
    getNextPageParam: ({ page }: T) => page.next ?? undefined,
  })

export const campaignsQuery = queryOptions({
  queryKey: ['campaigns'],
  queryFn: ({ signal }) => get<z.output<typeof campaignList>>('/campaigns', {}, signal),
})

export const campaignQuery = (id: string) =>
  queryOptions({ queryKey: ['campaign', id], queryFn: ({ signal }) => get<Campaign>(`/campaigns/${id}`, {}, signal) })

export const detectionsQuery = paged<z.output<typeof detectionList>>(['detections'], '/detections')

export const detectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['detection', id],
    queryFn: ({ signal }) => get<z.output<typeof detectionWhole>>(`/detections/${id}`, {}, signal),
  })

export const alarmsQuery = (id: string, filters: Filters) =>
  paged<AlarmList>(['detection', id, 'alarms'], `/detections/${id}/alarms`, filters)

export const casesQuery = (filters: Filters) => paged<CaseList>(['cases'], '/retention-cases', filters)

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => get<z.output<typeof modelList>>('/models', {}, signal),
})
