import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Choice } from '../../parts/form/picker.tsx'
import { UnitPicker } from '../../parts/form/pickers.tsx'
import { useRegions } from '../../parts/regions.ts'

export interface Draft {
  login: string
  nameZh: string
  nameEn: string
  phone: string
  email: string
  unit: Choice | null
  region: string | null
  lang: 'zh' | 'en'
  capacity: number | null
}

/** What the API takes: nothing is an empty text there. */
export const bodyOf = ({ login: _, phone, email, unit, region, ...rest }: Draft) => ({
  ...rest,
  phone: phone.trim() || null,
  email: email.trim() || null,
  unit: unit?.value ?? '',
  region: region ?? '',
})

interface Props {
  draft: Draft
  set: (part: Partial<Draft>) => void
  errors: Readonly<Record<string, string>>
  /** Is being taken in. */
  fresh?: boolean
  /** Somebody else changes the own region. */
  own?: boolean
}

export function PersonFields({ draft, set, errors, fresh = false, own = false }: Props) {
  const { t } = useTranslation('organisation')
  const { choices, renderOption } = useRegions()
  const text = (name: 'login' | 'nameZh' | 'nameEn' | 'phone' | 'email') => ({
    label: t(name),
    value: draft[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  })
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" verticalSpacing="sm">
      {fresh && (
        <TextInput {...text('login')} required maxLength={64} description={t('loginHint')} autoComplete="off" inputWrapperOrder={order} />
      )}
      {fresh && <div />}
      <TextInput {...text('nameZh')} required maxLength={100} />
      <TextInput {...text('nameEn')} required maxLength={100} />
      <UnitPicker label={t('unit')} required value={draft.unit} error={errors.unit} onChange={(unit) => set({ unit })} />
      <Select
        label={t('sees')}
        description={t('seesHint')}
        inputWrapperOrder={order}
        required
        searchable
        disabled={own}
        data={choices}
        renderOption={renderOption}
        value={draft.region}
        error={errors.region}
        onChange={(region) => set({ region })}
      />
      <TextInput {...text('phone')} type="tel" maxLength={40} />
      <TextInput {...text('email')} type="email" maxLength={200} />
      <Select
        label={t('lang')}
        allowDeselect={false}
        data={[
          { value: 'zh', label: '简体中文' },
          { value: 'en', label: 'English' },
        ]}
        value={draft.lang}
        onChange={(lang) => set({ lang: lang === 'en' ? 'en' : 'zh' })}
      />
      <NumberInput
        label={t('capacity')}
        description={t('capacityHint')}
        inputWrapperOrder={order}
        min={1}
        max={10_000}
        allowDecimal={false}
        value={draft.capacity ?? ''}
        error={errors.capacity}
        onChange={(value) => set({ capacity: value === '' ? null : Number(value) })}
      />
    </SimpleGrid>
  )
}

/** Hints below, so that fields beside each other stand in a line. */
const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]
