import { ActionIcon, Button, Group, Select, Stack, Table, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../parts/problem-text.ts'
import { Failure } from '../../parts/query-state.tsx'
import { TimeField } from '../../parts/time-field.tsx'
import { Edit } from './edit.tsx'
import { Save } from './person-data.tsx'
import type { Person } from './queries.ts'
import { useChange } from './use-change.ts'

type Shift = Person['shifts'][number]
const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const

/** 510 → 08:30. */
const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
/** 08:30 → 510. */
const minutes = (text: string): number => {
  const [hours = 0, rest = 0] = text.split(':').map(Number)
  return hours * 60 + rest
}

/** When somebody is on shift in a week. */
export function PersonHours({ person }: { person: Person }) {
  const { t } = useTranslation('organisation')
  const [rows, setRows] = useState<Shift[]>()
  const change = useChange(person)
  const set = (i: number, part: Partial<Shift>) => setRows(rows?.map((row, k) => (k === i ? { ...row, ...part } : row)))
  if (!rows) return <Shown shifts={person.shifts} edit={() => setRows([...person.shifts])} />
  return (
    <Stack
      component="form"
      gap="xs"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        change.mutate({ shifts: rows }, { onSuccess: () => setRows(undefined) })
      }}
    >
      {rows.map((row, i) => {
        const what = `${t(`weekdays.${String(row.weekday) as '1'}`)} ${clock(row.from)}\u2013${clock(row.to)}`
        return (
          <Group key={i} gap={4} wrap="nowrap">
            <Select
              aria-label={t('weekday')}
              size="xs"
              allowDeselect={false}
              style={{ flex: 1, minWidth: 68 }}
              data={weekdays.map((value) => ({ value, label: t(`weekdays.${value}`) }))}
              value={String(row.weekday)}
              onChange={(value) => set(i, { weekday: Number(value) })}
            />
            <TimeField
              aria-label={`${t('from')} ${what}`}
              size="xs"
              value={clock(row.from)}
              onChange={(value) => set(i, { from: minutes(value) })}
            />
            <TimeField
              aria-label={`${t('until')} ${what}`}
              size="xs"
              value={clock(row.to)}
              onChange={(value) => set(i, { to: minutes(value) })}
            />
            <Select
              aria-label={t('calendar')}
              size="xs"
              allowDeselect={false}
              w={60}
              data={['C', 'W']}
              value={row.calendar}
              onChange={(value) => set(i, { calendar: value ?? 'C' })}
            />
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={t('removeHours', { hours: what })}
              onClick={() => setRows(rows.filter((_, k) => k !== i))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        )
      })}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: 'start' }}
        onClick={() => setRows([...rows, { weekday: 1, from: 510, to: 1080, calendar: 'W' }])}
      >
        {t('addHours')}
      </Button>
      {change.error && <Failure error={change.error} />}
      <Save busy={change.isPending} nothing={false} undo={() => setRows(undefined)} label={t('hours')} />
      {fieldErrors(change.error).shifts && (
        <Text size="sm" c="var(--mantine-color-error)">
          {fieldErrors(change.error).shifts}
        </Text>
      )}
    </Stack>
  )
}

function Shown({ shifts, edit }: { shifts: readonly Shift[]; edit: () => void }) {
  const { t } = useTranslation('organisation')
  return (
    <Stack gap="xs">
      {shifts.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noHours')}
        </Text>
      ) : (
        <Table verticalSpacing={2} fz="sm" withRowBorders={false}>
          <Table.Tbody>
            {weekdays
              .map((day) => ({ day, of: shifts.filter(({ weekday }) => String(weekday) === day) }))
              .filter(({ of }) => of.length > 0)
              .map(({ day, of }) => (
                <Table.Tr key={day}>
                  <Table.Th w={64} scope="row" fw={500}>
                    {t(`weekdays.${day}`)}
                  </Table.Th>
                  <Table.Td>
                    {of.map(({ from, to }) => `${clock(from)}\u2013${clock(to)}`).join(', ')}{' '}
                    <Text span size="xs" c="dimmed">
                      {[...new Set(of.map(({ calendar }) => calendar))].join(', ')}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      )}
      <Edit label={t('hours')} edit={edit} />
    </Stack>
  )
}
