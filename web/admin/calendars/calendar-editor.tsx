import { Button, Drawer, Group, Input, SegmentedControl, Stack, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../../http/client.ts'
import { DateInput, DateTimePicker } from '../../parts/dates.tsx'
import { fromZone } from '../../parts/form/zone-time.ts'
import { Failure } from '../../parts/query-state.tsx'
import { tell } from '../../parts/tell.ts'
import { Preview } from './preview.tsx'
import type { CalendarChange, CalendarYear, Shift } from './queries.ts'
import { ShiftRows } from './shift-rows.tsx'
import { type Becomes, datesBetween, withDays, withPublished } from './spec.ts'

export type Part = { kind: 'day'; date: string } | { kind: 'hours' } | { kind: 'year'; year: number }

interface Props {
  calendar: CalendarYear['calendar']
  part: Part
  close: () => void
}

/** The next version of a calendar. Nothing is written before one has seen which days change and which open orders it concerns. */
export function CalendarEditor({ calendar, part, close }: Props) {
  const { t } = useTranslation(['calendars', 'common'])
  const client = useQueryClient()
  const date = part.kind === 'day' ? part.date : ''
  const [last, setLast] = useState(date)
  const [becomes, setBecomes] = useState<Becomes>(() =>
    calendar.spec.holidays.includes(date) || calendar.spec.makeUpDays.includes(date) ? 'week' : 'holiday',
  )
  const [shifts, setShifts] = useState<Shift[]>(calendar.spec.shifts)
  const [note, setNote] = useState('')
  const [from, setFrom] = useState<string | null>(null)
  const spec = () => {
    if (part.kind === 'year') return withPublished(calendar.spec, part.year)
    if (part.kind === 'hours') return { ...calendar.spec, shifts }
    return withDays(calendar.spec, datesBetween(date, last), becomes)
  }
  const body = () => ({ spec: spec(), note, ...(from && { validFrom: new Date(fromZone(from)).toISOString() }) })
  const path = `/calendars/${calendar.id}`
  const headers = { 'if-match': `"${calendar.version}"` }
  const preview = useMutation({ mutationFn: () => post<CalendarChange>(`${path}?preview=true`, body(), { headers }) })
  const save = useMutation({
    mutationFn: () => post<CalendarChange>(path, body(), { headers }),
    onSuccess: async ({ calendar: { version } }) => {
      tell(t('saved', { version }))
      close()
      await client.invalidateQueries({ queryKey: ['calendars'] })
    },
  })
  // What was looked at must be what is saved.
  const changed = () => {
    preview.reset()
    save.reset()
  }
  const title =
    part.kind === 'year' ? t('publishOf', { year: part.year }) : part.kind === 'hours' ? t('changeShifts') : t('changeOf', { date })
  const error = preview.error ?? save.error
  return (
    <Drawer opened onClose={close} position="right" size="lg" title={title} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Stack
        component="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          preview.mutate()
        }}
      >
        {part.kind === 'day' && (
          <>
            <div>
              <Input.Label labelElement="div" id="becomes">
                {t('becomes')}
              </Input.Label>
              <SegmentedControl
                fullWidth
                aria-labelledby="becomes"
                value={becomes}
                onChange={(next) => {
                  setBecomes(next)
                  changed()
                }}
                data={[
                  { value: 'holiday', label: t('kind.holiday') },
                  { value: 'make-up', label: t('kind.make-up') },
                  { value: 'week', label: t('asWeek') },
                ]}
              />
            </div>
            <Group grow>
              <DateInput label={t('first')} value={date} valueFormat="YYYY-MM-DD" readOnly />
              <DateInput
                label={t('last')}
                value={last}
                minDate={date}
                valueFormat="YYYY-MM-DD"
                onChange={(next) => {
                  if (next) setLast(next)
                  changed()
                }}
              />
            </Group>
          </>
        )}
        {part.kind === 'hours' && (
          <ShiftRows
            shifts={shifts}
            set={(next) => {
              setShifts(next)
              changed()
            }}
          />
        )}
        <Textarea
          label={t('note')}
          required
          maxLength={400}
          autosize
          data-autofocus
          value={note}
          onChange={(event) => {
            setNote(event.currentTarget.value)
            changed()
          }}
        />
        <DateTimePicker
          label={t('validFrom')}
          description={t('validFromHint')}
          clearable
          valueFormat="YYYY-MM-DD HH:mm"
          value={from}
          onChange={(next) => {
            setFrom(next)
            changed()
          }}
        />
        {error && <Failure error={error} />}
        {preview.data && <Preview change={preview.data} />}
        <Group justify="end">
          <Button type="submit" variant={preview.data ? 'default' : 'filled'} loading={preview.isPending} disabled={note.trim() === ''}>
            {t('preview')}
          </Button>
          {preview.data && (
            <Button onClick={() => save.mutate()} loading={save.isPending}>
              {t('save', { version: preview.data.calendar.version })}
            </Button>
          )}
        </Group>
      </Stack>
    </Drawer>
  )
}
