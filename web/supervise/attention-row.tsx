import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Names, TaskItem } from '../http/types.ts'
import { Due } from '../parts/due.tsx'
import { lateness } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useLang, useTitles } from '../texts/use-lang.ts'

const FULL = 100

interface Props {
  item: TaskItem
  names: Names
  /** Has the keyboard. */
  here: boolean
  focus: () => void
  urge: () => void
  reassign: () => void
  extend: () => void
  take: () => void
}

/** A task that is late or will be: how far its ladder has come, and what can be done about it. */
export function AttentionRow({ item, names, here, focus, ...acts }: Props) {
  const { t } = useTranslation('supervise')
  const { say, name } = useTitles()
  const lang = useLang()
  const { rung } = item
  return (
    <Table.Tr data-attention onFocus={focus} bg={here ? 'var(--mantine-primary-color-light)' : undefined}>
      <Table.Td>
        <Due whole at={item.dueAt} since={item.acceptedAt ?? item.openedAt} paused={item.status === 'suspended'} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {rung ? (
          <>
            <Badge color={rung.pct >= FULL ? 'red' : 'orange'}>{rung.pct}%</Badge>
            <Text size="xs" c="dimmed">
              <When at={rung.firedAt} /> · {t('firedLate', { time: lateness(rung.lateMs, lang) })}
            </Text>
          </>
        ) : (
          <Text size="xs" c="dimmed">
            {t('noRung')}
          </Text>
        )}
      </Table.Td>
      <Table.Td miw={150}>
        <Text size="sm" fw={500}>
          {say(item.title)}
        </Text>
        {item.refusals > 0 && <Badge color="orange">×{item.refusals}</Badge>}
      </Table.Td>
      <Table.Td>
        <Link to="/orders/$order" params={{ order: item.order }}>
          {item.orderNo ?? item.order}
        </Link>
        <Text size="xs" c="dimmed" lineClamp={1}>
          {[item.orderTitle, say(item.customer?.name)].filter(Boolean).join(' \u00b7 ')}
        </Text>
      </Table.Td>
      <Table.Td miw={110}>{name(names, item.person ?? item.unit) || t('nobody')}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="end">
          <Button size="compact-xs" variant="light" onClick={acts.urge} aria-keyshortcuts="u">
            {t('act.urge')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={acts.reassign} aria-keyshortcuts="r">
            {t('act.reassign')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={acts.extend} aria-keyshortcuts="x">
            {t('act.extend')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={acts.take} aria-keyshortcuts="t">
            {t('act.takeOver')}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
