/** Regions by name. A person sees his own and those below it, and may name those above. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { regionList } from '../../api/schemas/picker.ts'
import { useMe } from '../app/session.ts'
import { get } from '../http/client.ts'
import { useTitles } from '../texts/use-lang.ts'

export const regionsQuery = queryOptions({
  queryKey: ['regions'],
  queryFn: ({ signal }) => get<z.output<typeof regionList>>('/regions', {}, signal),
  staleTime: 300_000,
})

interface Regions {
  choices: { value: string; label: string }[]
  nameOf: (path: string) => string
  /** An option of the list: regions stand below those that they lie in. */
  renderOption: (input: { option: { value: string; label: string } }) => ReactNode
}

/** The own region and those below it as choices, and the name of any by its path. */
export function useRegions(): Regions {
  const { say } = useTitles()
  const me = useMe()
  const items = useQuery(regionsQuery).data?.items ?? []
  const own = me.region.path
  // Until the list has come the own region is there: a form that is quickly filled in can be sent.
  const known = items.length > 0 ? items : [me.region]
  const nameOf = (path: string) => say(known.find((region) => region.path === path)?.name) || path
  const depth = own.split('/').length
  const choices = known
    .filter(({ path }) => path === own || path.startsWith(`${own}/`))
    .map(({ path, name }) => ({ value: path, label: say(name) }))
  const renderOption: Regions['renderOption'] = ({ option }) => `${'\u2003'.repeat(option.value.split('/').length - depth)}${option.label}`
  return { choices, nameOf, renderOption }
}
