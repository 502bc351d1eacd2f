import { ActionIcon, Button, Group, Select, Stack } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { TimeField } from '../../parts/time-field.tsx'
import type { Shift } from './queries.ts'

const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const

interface Props {
  shifts: readonly Shift[]
  set: (shifts: Shift[]) => void
}

/** Working hours of a week. Midnight at the end of a day is 24:00. */
export function ShiftRows({ shifts, set }: Props) {
  const { t } = useTranslation(['calendars', 'organisation'])
  const change = (i: number, part: Partial<Shift>) => set(shifts.map((shift, k) => (k === i ? { ...shift, ...part } : shift)))
  return (
    <Stack gap="xs">
      {shifts.map((shift, i) => {
        const what = `${t(`organisation:weekdays.${String(shift.weekday) as '1'}`)} ${shift.from}\u2013${shift.to}`
        return (
          <Group key={i} gap={6} wrap="nowrap">
            <Select
              aria-label={t('organisation:weekday')}
              allowDeselect={false}
              style={{ flex: 1, minWidth: 76 }}
              data={weekdays.map((value) => ({ value, label: t(`organisation:weekdays.${value}`) }))}
              value={String(shift.weekday)}
              onChange={(value) => change(i, { weekday: Number(value) as Shift['weekday'] })}
            />
            <TimeField aria-label={`${t('from')} ${what}`} value={shift.from} onChange={(from) => change(i, { from })} />
            <TimeField aria-label={`${t('to')} ${what}`} value={shift.to} onChange={(to) => change(i, { to })} />
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={t('removeShift', { shift: what })}
              onClick={() => set(shifts.filter((_, k) => k !== i))}
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
        onClick={() => set([...shifts, { weekday: 1, from: '08:30', to: '18:00' }])}
      >
        {t('addShift')}
      </Button>
    </Stack>
  )
}
