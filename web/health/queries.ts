import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { findings } from '../../api/schemas/health.ts'
import type { health } from '../../api/schemas/whole.ts'
import { get } from '../http/client.ts'

export type Health = z.output<typeof health>
export type Findings = z.output<typeof findings>

const LOOK_MS = 15_000

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => get<Health>('/health', {}, signal),
  refetchInterval: LOOK_MS,
})

export const findingsQuery = queryOptions({
  queryKey: ['health', 'findings'],
  queryFn: ({ signal }) => get<Findings>('/health/findings', {}, signal),
  refetchInterval: LOOK_MS,
})

export const orphansOf = ({ orphans }: Health): number | undefined =>
  orphans ? Object.values(orphans.open).reduce((sum, count) => sum + count, 0) : undefined
