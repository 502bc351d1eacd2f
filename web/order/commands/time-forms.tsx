import { Alert, NumberInput, Radio, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { DateTimePicker } from '../../parts/dates.tsx'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { inGroup, useMe } from '../../app/session.ts'
import { fromZone, toZone } from '../../parts/form/zone-time.ts'
import { stepOf, useWords } from '../words.ts'
import type { FormProps } from './dialog.tsx'

const parties = ['customer', 'vendor', 'third-party', 'own'] as const

export function SuspendForm({ process, option, draft, set, errors }: FormProps) {
  const { t } = useTranslation('order')
  const me = useMe()
  const approval = process.steps[stepOf(option.task!)]?.suspend === 'approval' && !inGroup(me, 'supervisor')
  return (
    <>
      {approval && (
        <Alert color="yellow" py={6}>
          <Text size="sm">{t('give.approval')}</Text>
        </Alert>
      )}
      <Radio.Group
        label={t('give.whoPays')}
        required
        value={(draft.party as string | undefined) ?? ''}
        error={errors.party}
        onChange={(party) => set({ party })}
      >
        <Stack gap={6} mt={4}>
          {parties.map((party, i) => (
            <Radio key={party} value={party} label={t(`party.${party}`)} data-autofocus={i === 0 || undefined} />
          ))}
        </Stack>
      </Radio.Group>
      <DateTimePicker
        label={t('give.until')}
        clearable
        valueFormat="YYYY-MM-DD HH:mm"
        error={errors.until}
        value={typeof draft.until === 'string' ? toZone(Date.parse(draft.until)) : null}
        onChange={(value) => set({ until: value ? new Date(fromZone(value)).toISOString() : undefined })}
      />
    </>
  )
}

const HOUR = 3_600_000

export function ExtendForm({ order, process, option, draft, set, errors }: FormProps) {
  const { t } = useTranslation('order')
  const words = useWords(process)
  // The nearest first: it is the one that somebody wants longer, or asks to be.
  const due = new Map(order.clocks.map((clock) => [clock.clock, clock.dueAt]))
  const clocks = [...(option.clocks ?? [])].sort((a, b) => (due.get(a) ?? '').localeCompare(due.get(b) ?? ''))
  useEffect(() => {
    set({ clock: clocks[0] })
  }, [])
  return (
    <>
      <Select
        label={t('give.clock')}
        required
        allowDeselect={false}
        data-autofocus
        data={clocks.map((clock) => ({ value: clock, label: words.clock(clock) }))}
        value={(draft.clock as string | undefined) ?? null}
        error={errors.clock}
        onChange={(clock) => set({ clock: clock ?? undefined })}
      />
      <NumberInput
        label={t('give.hours')}
        required
        min={0.25}
        step={1}
        decimalScale={2}
        value={typeof draft.by === 'number' ? draft.by / HOUR : ''}
        error={errors.by}
        onChange={(value) => set({ by: value === '' ? undefined : Math.round(Number(value) * HOUR) })}
      />
    </>
  )
}

const levels = ['1', '2', '3', '4'] as const

export function PriorityForm({ order, draft, set, errors }: FormProps) {
  const { t } = useTranslation(['order', 'common'])
  useEffect(() => {
    set({ priority: order.priority })
  }, [])
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {t('give.priority')}
      </Text>
      <SegmentedControl
        fullWidth
        aria-label={t('give.priority')}
        data={levels.map((value) => ({ value, label: t(`common:priority.${value}`) }))}
        value={String(draft.priority ?? order.priority)}
        onChange={(value) => set({ priority: Number(value) })}
      />
      {errors.priority && (
        <Text size="xs" c="red">
          {errors.priority}
        </Text>
      )}
    </div>
  )
}
