import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { get } from '../http/client.ts'
import type { UnitList } from '../http/types.ts'
import { useTitles } from '../texts/use-lang.ts'

interface Props {
  value: string | undefined
  onChange: (region: string | undefined) => void
}

/** A region in sight. Its name is that of the units there, by the path. */
export function RegionSelect({ value, onChange }: Props) {
  const { t } = useTranslation()
  const { say } = useTitles()
  const me = useMe()
  const units = useQuery({
    queryKey: ['units', 'regions'],
    queryFn: ({ signal }) => get<UnitList>('/units', { limit: 200 }, signal),
    staleTime: 300_000,
  })
  const paths = [...new Set((units.data?.items ?? []).map(({ region }) => region))].sort()
  const nameOf = (path: string) => (path === me.region.path ? `${say(me.region.name)} ${path}` : path)
  return (
    <Select
      size="xs"
      w={190}
      clearable
      searchable
      aria-label={t('region')}
      placeholder={t('region')}
      data={paths.map((path) => ({ value: path, label: nameOf(path) }))}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  )
}
