import { Button, Group, Paper, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Names, TaskItem } from '../http/types.ts'
import { Due } from '../parts/due.tsx'
import { Priority, Status } from '../parts/status.tsx'
import { useTitles } from '../texts/use-lang.ts'
import classes from './work.module.css'

interface Props {
  item: TaskItem
  names: Names
  me: string
  /** Without, it is accepted on the order's own page. */
  accept?: () => void
}

/** One task as somebody sees it in his list; the whole card leads to its order. */
export function TaskCard({ item, names, me, accept }: Props) {
  const { t } = useTranslation('work')
  const { say, name } = useTitles()
  const offered = item.status === 'offered' && item.party === null && accept !== undefined
  return (
    <Paper withBorder p="sm" component="li" className={classes.card}>
      <Group justify="space-between" wrap="nowrap" align="start" gap="xs" className={classes.head}>
        <div style={{ minWidth: 0 }}>
          <Link to="/orders/$order" params={{ order: item.order }} search={{ task: item.task }} className={classes.link} data-task-card>
            {say(item.title)}
          </Link>
          <Text size="sm" lineClamp={2}>
            {item.orderTitle}
          </Text>
          <Text size="xs" c="dimmed">
            {[item.orderNo, say(item.customer?.name)].filter(Boolean).join(' · ')}
          </Text>
          {item.party && <Text size="xs">{t('sign', { party: item.party })}</Text>}
          {item.person && item.person !== me && <Text size="xs">{t('forWhom', { name: name(names, item.person) })}</Text>}
        </div>
        <div className={classes.signs}>
          <Due at={item.dueAt} since={item.acceptedAt ?? item.openedAt} paused={item.status === 'suspended'} />
          <Group gap={4} justify="end">
            <Priority of={item.priority} />
            <Status of={item.status} />
          </Group>
        </div>
      </Group>
      {offered && (
        <Group mt="xs" justify="end">
          <Button size="sm" onClick={accept} className={classes.act} miw={96}>
            {t('accept')}
          </Button>
        </Group>
      )}
    </Paper>
  )
}
