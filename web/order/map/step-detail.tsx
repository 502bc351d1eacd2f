import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconSubtask } from '@tabler/icons-react'
import { useContext, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Order, ProcessDetail } from '../../http/types.ts'
import { Due } from '../../parts/due.tsx'
import { When } from '../../parts/when.tsx'
import { useTitles } from '../../texts/use-lang.ts'
import { InnerOrder } from '../inner.ts'
import { useRoleTitles, useWords } from '../words.ts'

/** One step of the map: who does it within which limit, and each time that it was open. */
export function StepDetail({ step, order, process }: { step: string; order: Order; process: ProcessDetail }) {
  const InPlace = useContext(InnerOrder)
  const { t } = useTranslation('order')
  const { say, name } = useTitles()
  const role = useRoleTitles()
  const words = useWords(process)
  const [child, setChild] = useState<string>()
  const spec = process.steps[step]
  const tasks = order.tasks.filter((task) => task.step === step)
  return (
    <Paper withBorder p="sm" mt="xs">
      <Group justify="space-between" gap="xs">
        <Text fw={600} size="sm">
          {say(spec?.title)}
        </Text>
        <Text size="xs" c="dimmed">
          {[spec?.who.map(role).join(' / '), spec?.limit?.text].filter(Boolean).join(' · ')}
        </Text>
      </Group>
      <Stack gap={4} mt={4}>
        {tasks.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('map.notYet')}
          </Text>
        )}
        {tasks.map((task) => (
          <Group key={task.task} gap="xs">
            <Text size="sm">
              {task.closedAt ? <When at={task.closedAt} absolute /> : t('map.now')}
              {' · '}
              {task.outcome ? words.outcome(task.task, task.outcome) : name(order.names, task.person ?? task.unit)}
              {task.doneBy && ` · ${name(order.names, task.doneBy)}`}
            </Text>
            {task.closedAt === null && task.dueAt && <Due at={task.dueAt} since={task.openedAt} paused={task.suspended !== null} />}
            {task.child && (
              <Button
                size="compact-xs"
                variant="light"
                leftSection={<IconSubtask size={12} />}
                aria-expanded={child === task.child}
                onClick={() => setChild(child === task.child ? undefined : (task.child ?? undefined))}
              >
                {child === task.child ? t('task.closeChild') : t('task.openChild')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {child && <InPlace id={child} />}
    </Paper>
  )
}
