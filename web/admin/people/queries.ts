import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { passwordMade, peopleList, personChange, personIn, personMade, personWhole } from '../../../api/schemas/people.ts'
import { get } from '../../http/client.ts'

export type Person = z.output<typeof personWhole>
export type PeopleList = z.output<typeof peopleList>
export type PersonIn = z.input<typeof personIn>
export type PersonChange = z.input<typeof personChange>
export type PersonMade = z.output<typeof personMade>
export type PasswordMade = z.output<typeof passwordMade>
export type Grant = Person['roles'][number]

const PAGE = 50

export interface PeopleFilters {
  q?: string | undefined
  unit?: string | undefined
  role?: string | undefined
  active?: string | undefined
}

export const peopleQuery = (filters: PeopleFilters) =>
  infiniteQueryOptions({
    queryKey: ['administration', 'people', filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<PeopleList>('/people', { ...filters, limit: PAGE, cursor: pageParam || undefined }, signal),
    getNextPageParam: ({ page }) => page.next ?? undefined,
  })

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['administration', 'person', id],
    queryFn: ({ signal }) => get<Person>(`/people/${id}`, {}, signal),
  })

/** What a change of people or units makes old. */
export const refresh = async (client: QueryClient): Promise<void> => {
  await Promise.all(['administration', 'units', 'pick'].map((word) => client.invalidateQueries({ queryKey: [word] })))
}
