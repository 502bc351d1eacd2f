import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRegions } from './regions.ts'

interface Props {
  value: string | undefined
  onChange: (region: string | undefined) => void
}

/** A region in sight, as a filter. */
export function RegionSelect({ value, onChange }: Props) {
  const { t } = useTranslation()
  const { choices, renderOption } = useRegions()
  return (
    <Select
      size="xs"
      w={190}
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
