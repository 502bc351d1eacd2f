import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { productList } from '../../api/schemas/picker.ts'
import { get } from '../http/client.ts'
import { processesQuery, processQuery } from '../http/queries.ts'
import type { UnitList } from '../http/types.ts'
import { RegionSelect } from '../parts/region-select.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { type Filters, filterNames } from './queries.ts'
import classes from './supervise.module.css'

interface Props {
  value: Filters
  set: (change: { [K in keyof Filters]?: string | undefined }) => void
}

/** What of the business one looks at; all of it stands in the address. */
export function FilterBar({ value, set }: Props) {
  const { t } = useTranslation('supervise')
  const { say } = useTitles()
  const lists = { staleTime: 300_000 }
  const units = useQuery({
    queryKey: ['units', 'regions'],
    queryFn: ({ signal }) => get<UnitList>('/units', { limit: 200 }, signal),
    ...lists,
  })
  const products = useQuery({
    queryKey: ['products'],
    queryFn: ({ signal }) => get<z.output<typeof productList>>('/products', {}, signal),
    ...lists,
  })
  const processes = useQuery(processesQuery).data?.items ?? []
  const process = useQuery({ ...processQuery(value.process ?? ''), enabled: value.process !== undefined }).data
  const named = (items: readonly { id: string; name: { en: string; zh: string } }[] = []) =>
    items.map(({ id, name }) => ({ value: id, label: say(name) }))
  const choices = [
    { name: 'unit', data: named(units.data?.items) },
    { name: 'product', data: named(products.data?.items) },
    { name: 'process', data: processes.map(({ id, no, title }) => ({ value: id, label: `${no} ${say(title)}` })) },
    {
      name: 'step',
      data: process ? Object.entries(process.steps).map(([id, { title }]) => ({ value: id, label: say(title) })) : [],
    },
  ] as const
  return (
    <div className={classes.filters} role="search" aria-label={t('filters')}>
      <RegionSelect w="100%" value={value.region} onChange={(region) => set({ region })} />
      {choices.map(({ name, data }) => (
        <Select
          key={name}
          size="xs"
          clearable
          searchable
          aria-label={t(`filter.${name}`)}
          placeholder={t(`filter.${name}`)}
          // Steps are those of a process.
          disabled={name === 'step' && value.process === undefined}
          data={data}
          value={value[name] ?? null}
          onChange={(next) => set({ [name]: next ?? undefined, ...(name === 'process' && { step: undefined }) })}
        />
      ))}
      {filterNames.some((name) => value[name] !== undefined) && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => set(Object.fromEntries(filterNames.map((name) => [name, undefined])))}
        >
          {t('clear')}
        </Button>
      )}
    </div>
  )
}
