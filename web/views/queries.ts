import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { view, viewList } from '../../api/schemas/view.ts'
import { get } from '../http/client.ts'

export type View = z.output<typeof view>

/** All in sight: there are few. */
export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: ({ signal }) => get<z.output<typeof viewList>>('/views', {}, signal),
  staleTime: 60_000,
})

/** Pages that have views. Each is an address of the console. */
export const viewPages = ['board', 'orders', 'supervise'] as const
export type ViewPage = (typeof viewPages)[number]

/** What stands in the address, as the address has it. */
export const searchOf = ({ query }: Pick<View, 'query'>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value].flat().join(',')]))

/** Two addresses that show the same. */
export const sameSearch = (a: Readonly<Record<string, string | undefined>>, b: Readonly<Record<string, string | undefined>>): boolean => {
  const text = (search: typeof a) =>
    JSON.stringify(
      Object.entries(search)
        .filter(([, value]) => value)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  return text(a) === text(b)
}
