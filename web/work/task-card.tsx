import { Group, Paper, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { TaskItem } from '../http/types.ts'
import { Due } from '../parts/due.tsx'
import { Priority, Status } from '../parts/status.tsx'
import { useTitles } from '../texts/use-lang.ts'

/** One task as somebody sees it in his list. */
export function TaskCard({ item }: { item: TaskItem }) {
  const { say } = useTitles()
  return (
    <Paper withBorder p="sm" component={Link} to={`/orders/${item.order}`} style={{ textDecoration: 'none', color: 'inherit' }}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} size="sm">
            {say(item.title)}
          </Text>
          <Text size="sm" truncate>
            {item.orderTitle}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {[item.orderNo, say(item.customer?.name)].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <Group gap={4} justify="end">
          <Priority of={item.priority} />
          <Status of={item.status} />
          <Due at={item.dueAt} since={item.acceptedAt ?? item.openedAt} paused={item.status === 'suspended'} />
        </Group>
      </Group>
    </Paper>
  )
}
