import { Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Names } from '../http/types.ts'
import { clockTime } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import type { Load, TimelineRow } from './queries.ts'

interface Props {
  row: TimelineRow
  load: Load['items'][number] | undefined
  names: Names
}

/** Who it is, whether he is there, and how much he has. */
export function PersonHead({ row, load, names }: Props) {
  const { t } = useTranslation('people')
  const { say, name } = useTitles()
  const lang = useLang()
  const there =
    load?.absent && load.absences[0]
      ? t('absent', { reason: load.absences[0].reason })
      : load?.onShift == null
        ? t('noHours')
        : load.onShift
          ? t('onShift', { time: load.shiftEnds ? clockTime(load.shiftEnds, lang).slice(-5) : '' })
          : t('offShift')
  return (
    <>
      <Group gap={6} wrap="nowrap" justify="space-between">
        <Text size="sm" fw={600} truncate>
          {say(row.name)}
        </Text>
        {load && (
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {load.capacity === null ? t('open', { count: load.tasks }) : t('ofCapacity', { count: load.tasks, capacity: load.capacity })}
          </Text>
        )}
      </Group>
      <Text size="xs" c="dimmed" truncate>
        {name(names, row.unit)}
      </Text>
      <Group gap={4}>
        <Text size="xs" c="dimmed">
          {there}
          {load?.absent && load.delegate ? ` · ${t('delegate', { name: name(names, load.delegate) })}` : ''}
        </Text>
        {load && load.doneToday > 0 && (
          <Text size="xs" c="dimmed">
            {t('done', { count: load.doneToday })}
          </Text>
        )}
        {load && load.overdue > 0 && (
          <Badge size="xs" color="red">
            {t('overdue', { count: load.overdue })}
          </Badge>
        )}
        {load && load.atRisk > 0 && (
          <Badge size="xs" color="orange">
            {t('risk', { count: load.atRisk })}
          </Badge>
        )}
      </Group>
    </>
  )
}
