import { Fieldset, MultiSelect, NumberInput, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { campaignIn } from '../../api/schemas/retention.ts'
import { contracts, flags, valueClasses } from '../../domain/retention/profile.ts'
import { post } from '../http/client.ts'
import { DateInput } from '../parts/dates.tsx'
import { DrawerForm } from '../parts/form/drawer-form.tsx'
import { fieldErrors } from '../parts/problem-text.ts'
import { tell } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'
import type { Campaign } from './queries.ts'

type Spec = z.input<typeof campaignIn>['spec']
type Target = Spec['target']

interface Props {
  /** A draft; left out: a new one. */
  campaign?: Campaign
  close: () => void
}

/** In the form, money is yuan and shares are percent; in the record, fen and basis points. */
const HUNDREDTHS = 100
const HOLDOUT = 1_000
const numbers = ['tenureFrom', 'tenureBelow', 'chargeFrom', 'chargeBelow', 'alarmedWithin'] as const
const inFen: readonly string[] = ['chargeFrom', 'chargeBelow']

/** A campaign as a draft: whom it is for, what is offered, for how much and how long, and who gets nothing. */
export function CampaignEditor({ campaign, close }: Props) {
  const { t } = useTranslation(['retention', 'common'])
  const { say } = useTitles()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [id, setId] = useState(campaign?.id ?? '')
  const [name, setName] = useState({ zh: campaign?.name.zh ?? '', en: campaign?.name.en ?? '' })
  const [spec, setSpec] = useState<Spec>(campaign?.spec ?? { target: {}, scheme: '', budget: 0, holdout: HOLDOUT, from: '', to: '' })
  const set = (part: Partial<Spec>) => setSpec({ ...spec, ...part })
  /** What is left empty is no condition. */
  const aim = <K extends keyof Target>(field: K, value: Target[K] | undefined) => {
    const { [field]: _, ...rest } = spec.target
    set({ target: value === undefined || (Array.isArray(value) && value.length === 0) ? rest : { ...rest, [field]: value } })
  }
  const save = useMutation({
    mutationFn: () => post<Campaign>(`/campaigns/${encodeURIComponent(id.trim())}`, { name, spec }),
    onSuccess: async (saved) => {
      tell(t('form.saved'))
      close()
      await Promise.all(['campaigns', 'campaign'].map((word) => client.invalidateQueries({ queryKey: [word] })))
      if (!campaign) await navigate({ to: '/retention/campaigns/$campaign', params: { campaign: saved.id } })
    },
  })
  const errors = fieldErrors(save.error)
  return (
    <DrawerForm
      title={campaign ? t('form.changeOf', { name: say(campaign.name) }) : t('form.new')}
      action={t('form.save')}
      save={save}
      close={close}
    >
      {!campaign && (
        <TextInput
          label={t('form.id')}
          description={t('form.idHint')}
          required
          maxLength={60}
          pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
          data-autofocus
          value={id}
          error={errors.id}
          onChange={(event) => setId(event.currentTarget.value)}
        />
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
        <TextInput
          label={t('form.nameZh')}
          required
          maxLength={100}
          value={name.zh}
          error={errors['name.zh']}
          onChange={(event) => setName({ ...name, zh: event.currentTarget.value })}
        />
        <TextInput
          label={t('form.nameEn')}
          required
          maxLength={100}
          value={name.en}
          error={errors['name.en']}
          onChange={(event) => setName({ ...name, en: event.currentTarget.value })}
        />
        <DateInput
          label={t('form.from')}
          required
          valueFormat="YYYY-MM-DD"
          value={spec.from || null}
          error={errors.from}
          onChange={(from) => set({ from: from ?? '' })}
        />
        <DateInput
          label={t('form.to')}
          required
          valueFormat="YYYY-MM-DD"
          value={spec.to || null}
          error={errors.to}
          onChange={(to) => set({ to: to ?? '' })}
        />
      </SimpleGrid>
      <TextInput
        label={t('form.scheme')}
        required
        maxLength={100}
        value={spec.scheme}
        error={errors.scheme}
        onChange={(event) => set({ scheme: event.currentTarget.value })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
        <NumberInput
          label={t('form.budget')}
          required
          min={0}
          decimalScale={2}
          thousandSeparator=","
          value={spec.budget === 0 ? '' : spec.budget / HUNDREDTHS}
          error={errors.budget}
          onChange={(value) => set({ budget: Math.round(Number(value) * HUNDREDTHS) })}
        />
        <NumberInput
          label={t('form.holdout')}
          description={t('form.holdoutHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          min={0}
          max={50}
          decimalScale={2}
          value={(spec.holdout ?? HOLDOUT) / HUNDREDTHS}
          error={errors.holdout}
          onChange={(value) => set({ holdout: Math.round(Number(value) * HUNDREDTHS) })}
        />
      </SimpleGrid>
      <Fieldset legend={t('form.target')}>
        <Text size="xs" c="dimmed" mb="xs">
          {t('form.targetHint')}
        </Text>
        {errors.target && (
          <Text size="sm" c="var(--mantine-color-error)" mb="xs">
            {errors.target}
          </Text>
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
          <MultiSelect
            label={t('form.values')}
            data={valueClasses.map((value) => ({ value, label: t(`form.value.${value}`) }))}
            value={spec.target.values ?? []}
            error={errors['target.values']}
            onChange={(values) => aim('values', values as Target['values'])}
          />
          <MultiSelect
            label={t('form.contracts')}
            data={contracts.map((value) => ({ value, label: t(`form.contract.${value}`) }))}
            value={spec.target.contracts ?? []}
            error={errors['target.contracts']}
            onChange={(chosen) => aim('contracts', chosen as Target['contracts'])}
          />
          {(['has', 'hasNot'] as const).map((field) => (
            <MultiSelect
              key={field}
              label={t(`form.${field}`)}
              searchable
              data={Object.entries(flags).map(([value, title]) => ({ value, label: say(title) }))}
              value={spec.target[field] ?? []}
              error={errors[`target.${field}`]}
              onChange={(chosen) => aim(field, chosen)}
            />
          ))}
          {numbers.map((field) => {
            const unit = inFen.includes(field) ? HUNDREDTHS : 1
            const value = spec.target[field]
            return (
              <NumberInput
                key={field}
                label={t(`form.${field}`)}
                min={0}
                decimalScale={unit === 1 ? 0 : 2}
                value={value === undefined ? '' : value / unit}
                error={errors[`target.${field}`]}
                onChange={(next) => aim(field, next === '' ? undefined : Math.round(Number(next) * unit))}
              />
            )
          })}
        </SimpleGrid>
      </Fieldset>
    </DrawerForm>
  )
}
