import { Checkbox, Fieldset, Group, NumberInput, Select, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import { processesQuery } from '../http/queries.ts'
import type { Facts } from '../http/types.ts'
import { Fields } from '../parts/form/fields.tsx'
import type { Choice } from '../parts/form/picker.tsx'
import { CustomerPicker } from '../parts/form/pickers.tsx'
import { DrawerForm } from '../parts/form/drawer-form.tsx'
import { fieldErrors } from '../parts/problem-text.ts'
import { tell } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'
import type { Schedule } from './queries.ts'

interface Props {
  /** Left out: a new one. */
  schedule?: Schedule | undefined
  close: () => void
}

const every = { day: '0 6 * * *', weekday: '0 8 * * 1-5', week: '0 6 * * 1', month: '0 2 1 * *' } as const
type Every = keyof typeof every | 'own'
const overlaps = ['skip', 'buffer-one', 'allow-all'] as const

const everyOf = (cron: string): Every => (Object.keys(every) as (keyof typeof every)[]).find((name) => every[name] === cron) ?? 'own'

/** What time starts: which process, when, with what. */
export function ScheduleEditor({ schedule, close }: Props) {
  const { t } = useTranslation(['admin', 'common'])
  const { say } = useTitles()
  const client = useQueryClient()
  const processes = useQuery(processesQuery).data?.items ?? []
  const [draft, setDraft] = useState({
    id: schedule?.id ?? '',
    process: schedule?.process ?? null,
    title: schedule?.title ?? '',
    cron: schedule?.cron ?? every.day,
    overlap: schedule?.overlap ?? 'skip',
    catchUp: schedule?.catchUp ?? 48,
    paused: schedule?.paused ?? false,
  })
  const [when, setWhen] = useState<Every>(() => everyOf(draft.cron))
  const [customer, setCustomer] = useState<Choice | null>(() =>
    schedule?.customerId ? { value: schedule.customerId, label: schedule.customerId } : null,
  )
  const [input, setInput] = useState<Facts>((schedule?.input ?? {}) as Facts)
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const process = processes.find(({ id }) => id === draft.process)
  const save = useMutation({
    mutationFn: () => {
      const { id, process: of, ...rest } = draft
      const body = {
        ...rest,
        process: of ?? '',
        input,
        ...(customer && process?.customer !== 'none' && { customerId: customer.value }),
        ...(schedule && { timeZone: schedule.timeZone, region: schedule.region, ...(schedule.note !== null && { note: schedule.note }) }),
      }
      return post(`/schedules/${encodeURIComponent(id.trim())}`, body, { headers: { 'if-match': `"${schedule?.version ?? 0}"` } })
    },
    onSuccess: async () => {
      tell(t('schedules.saved'))
      close()
      await client.invalidateQueries({ queryKey: ['schedules'] })
    },
  })
  const errors = fieldErrors(save.error)
  return (
    <DrawerForm
      title={schedule ? t('schedules.changeOf', { title: schedule.title }) : t('schedules.new')}
      action={t('schedules.save')}
      save={save}
      close={close}
    >
      {!schedule && (
        <TextInput
          label={t('schedules.id')}
          description={t('schedules.idHint')}
          required
          maxLength={60}
          pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
          data-autofocus
          value={draft.id}
          error={errors.id}
          onChange={(event) => set({ id: event.currentTarget.value })}
        />
      )}
      <Select
        label={t('policies.process')}
        required
        searchable
        data={processes.filter(({ startable }) => startable).map(({ id, no, title }) => ({ value: id, label: `${no} ${say(title)}` }))}
        value={draft.process}
        error={errors.process}
        onChange={(next) => {
          set({ process: next })
          setInput({})
        }}
      />
      <TextInput
        label={t('schedules.title')}
        required
        maxLength={200}
        value={draft.title}
        error={errors.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <Group grow align="end">
        <Select
          label={t('schedules.when')}
          allowDeselect={false}
          data={(['day', 'weekday', 'week', 'month', 'own'] as const).map((value) => ({ value, label: t(`schedules.every.${value}`) }))}
          value={when}
          onChange={(next) => {
            const chosen = next ?? 'own'
            setWhen(chosen)
            if (chosen !== 'own') set({ cron: every[chosen] })
          }}
        />
        <TextInput
          label={t('schedules.cronField')}
          required
          maxLength={100}
          disabled={when !== 'own'}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={draft.cron}
          error={errors.cron}
          onChange={(event) => set({ cron: event.currentTarget.value })}
        />
      </Group>
      <Group grow align="start">
        <Select
          label={t('schedules.overlap')}
          description={t('schedules.overlapHint')}
          allowDeselect={false}
          data={overlaps.map((value) => ({ value, label: t(`schedules.overlaps.${value}`) }))}
          value={draft.overlap}
          onChange={(next) => set({ overlap: next ?? 'skip' })}
        />
        <NumberInput
          label={t('schedules.catchUp')}
          description={t('schedules.catchUpHint')}
          min={1}
          max={2160}
          allowDecimal={false}
          value={draft.catchUp}
          error={errors.catchUp}
          onChange={(value) => set({ catchUp: Number(value) || 48 })}
        />
      </Group>
      <Checkbox label={t('schedules.paused')} checked={draft.paused} onChange={(event) => set({ paused: event.currentTarget.checked })} />
      {process && process.customer !== 'none' && (
        <CustomerPicker
          label={t('common:nav.customers')}
          required={process.customer === 'required'}
          value={customer}
          error={errors.customerId}
          onChange={setCustomer}
        />
      )}
      {process && Object.keys(process.input).length > 0 && (
        <Fieldset legend={t('schedules.input')}>
          <Text size="xs" c="dimmed" mb="xs">
            {t('schedules.inputHint')}
          </Text>
          <Fields form={process.input} values={input} onChange={setInput} errors={errors} customer={customer?.value} />
        </Fieldset>
      )}
    </DrawerForm>
  )
}
