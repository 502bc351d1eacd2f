import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { get } from '../http/client.ts'
import type { UnitList } from '../http/types.ts'
import { useTitles } from '../texts/use-lang.ts'

interface Props {
  value: string | null
  onChange: (unit: string | null) => void
  error?: string | undefined
}

const PRIVATE = '-'

/** Oneself alone, or the people of one of the own units. */
export function ShareSelect({ value, onChange, error }: Props) {
  const { t } = useTranslation('views')
  const { say } = useTitles()
  const me = useMe()
  const own = [...new Set([me.unit.id, ...me.roles.map(({ unit }) => unit)])]
  // Names of units beside the own one are looked up only where there are some.
  const others = useQuery({
    queryKey: ['units', 'of-views'],
    queryFn: ({ signal }) => get<UnitList>('/units', { limit: 200 }, signal),
    enabled: own.length > 1,
    staleTime: 300_000,
  })
  const label = (id: string) => (id === me.unit.id ? say(me.unit.name) : say(others.data?.items.find((unit) => unit.id === id)?.name) || id)
  return (
    <Select
      label={t('share')}
      allowDeselect={false}
      data={[{ value: PRIVATE, label: t('private') }, ...own.map((id) => ({ value: id, label: label(id) }))]}
      value={value ?? PRIVATE}
      error={error}
      onChange={(next) => onChange(next === PRIVATE ? null : next)}
    />
  )
}
