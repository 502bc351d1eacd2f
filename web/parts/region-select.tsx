import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRegions } from './regions.ts'

interface Props {
  value: string | undefined
  onChange: (region: string | undefined) => void
  w?: number | string
}

/** A region in sight, as a filter. */
export function RegionSelect({ value, onChange, w = 190 }: Props) {
  const { t } = useTranslation()
  const { choices, renderOption } = useRegions()
  return (
    <Select
      size="xs"
      w={w}
      clearable
      searchable
      aria-label={t('region')}
      placeholder={t('region')}
      data={choices}
      renderOption={renderOption}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  )
}
