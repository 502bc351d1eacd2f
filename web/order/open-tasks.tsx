import { Alert, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconClockPlus, IconPlayerPause, IconSubtask } from '@tabler/icons-react'
import { useState, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import type { Order, ProcessDetail, Task } from '../http/types.ts'
import { Due } from '../parts/due.tsx'
import { Status } from '../parts/status.tsx'
import { duration } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { TaskCommands } from './commands/bar.tsx'
import type { Commands } from './commands/use-commands.ts'
import { InnerOrder } from './inner.ts'
import { Offer } from './offer.tsx'
import { Parties } from './parties.tsx'
import { useRoleTitles, useWords } from './words.ts'

/** What somebody waits for, in a word. */
function statusOf({ suspended, status, parties }: Task): string {
  if (suspended) return 'suspended'
  if (status === 'child') return 'waiting'
  return status === 'offered' && parties.length > 0 ? 'signing' : status
}

interface Props {
  order: Order
  process: ProcessDetail
  commands: Commands
}

/** What is to be done now, each with the commands that the reader may give. */
export function OpenTasks({ order, process, commands }: Props) {
  const { t } = useTranslation('order')
  const words = useWords(process)
  const open = order.tasks.filter(({ closedAt }) => closedAt === null)
  if (open.length === 0)
    return <Text size="sm">{order.end ? t('nothingOpenClosed', { end: words.end(order.end) }) : t('nothingOpen')}</Text>
  return (
    <Stack gap="xs">
      {open.map((task) => (
        <OpenTask key={task.task} task={task} order={order} process={process} commands={commands} several={open.length > 1} />
      ))}
    </Stack>
  )
}

function OpenTask({ task, order, process, commands, several }: Props & { task: Task; several: boolean }) {
  const InPlace = useContext(InnerOrder)
  const { t } = useTranslation('order')
  const { say, name } = useTitles()
  const role = useRoleTitles()
  const words = useWords(process)
  const lang = useLang()
  const [why, setWhy] = useState(false)
  const [child, setChild] = useState(false)
  const names = order.names
  const party = (id: string) => (id in parties ? t(`party.${id as keyof typeof parties}`) : id)
  const running = order.clocks.find(({ task: of, kind, stoppedAt }) => of === task.task && kind === 'complete' && stoppedAt === null)
  return (
    <Paper
      withBorder
      p="sm"
      id={`task-${task.task}`}
      className="task-card"
      data-chosen={(several && commands.chosen === task.task) || undefined}
      onClick={() => commands.choose(task.task)}
    >
      <Group justify="space-between" align="start" gap="xs">
        <div style={{ minWidth: 0, flex: '1 1 220px' }}>
          <Group gap={6}>
            <Text fw={600}>{say(task.title)}</Text>
            {task.key && <Badge color="gray">{name(names, task.key)}</Badge>}
            {task.n > 1 && <Badge color="gray">{t('task.round', { n: task.n })}</Badge>}
          </Group>
          <Holder task={task} names={names} role={role} />
        </div>
        <Group gap={6}>
          {task.refusals > 0 && <Badge color="orange">{t('task.refusals', { count: task.refusals })}</Badge>}
          <Status of={statusOf(task)} />
          {task.dueAt && <Due at={task.dueAt} since={running?.startedAt ?? task.openedAt} paused={task.suspended !== null} />}
        </Group>
      </Group>
      {task.suspended && (
        <Alert color="yellow" icon={<IconPlayerPause size={16} />} mt="xs" py={6}>
          {t('task.suspended', { party: party(task.suspended.party), reason: task.suspended.reason })}{' '}
          {task.suspended.until && (
            <>
              {t('task.until')} <When at={task.suspended.until} absolute />
            </>
          )}
        </Alert>
      )}
      {task.suspendAsked && (
        <Alert color="orange" icon={<IconPlayerPause size={16} />} mt="xs" py={6}>
          {t('task.suspendAsked', {
            by: name(names, task.suspendAsked.by),
            party: party(task.suspendAsked.party),
            reason: task.suspendAsked.reason,
          })}
        </Alert>
      )}
      {task.extensionAsked && (
        <Alert color="orange" icon={<IconClockPlus size={16} />} mt="xs" py={6}>
          {t('task.extensionAsked', {
            by: name(names, task.extensionAsked.by),
            more: duration(task.extensionAsked.moreMs, lang),
            clock: words.clock(task.extensionAsked.clock),
            reason: task.extensionAsked.reason,
          })}
        </Alert>
      )}
      {task.failed && (
        <Alert color="red" icon={<IconAlertTriangle size={16} />} mt="xs" py={6}>
          {t('task.failed', task.failed)}
        </Alert>
      )}
      {task.parties.length > 0 && <Parties task={task} process={process} names={names} />}
      <Group gap={6} mt="xs">
        <TaskCommands task={task.task} commands={commands} />
        {(task.person ?? task.unit ?? task.queue) && (
          <Button size="xs" variant="subtle" color="gray" onClick={() => setWhy(true)}>
            {t('task.why')}
          </Button>
        )}
        {task.child && (
          <Button size="xs" variant="light" leftSection={<IconSubtask size={14} />} aria-expanded={child} onClick={() => setChild(!child)}>
            {child ? t('task.closeChild') : t('task.openChild')}
          </Button>
        )}
      </Group>
      {child && task.child && <InPlace id={task.child} />}
      {why && <Offer order={order.id} task={task.task} title={say(task.title)} close={() => setWhy(false)} />}
    </Paper>
  )
}

const parties = { customer: 1, vendor: 1, own: 1, 'third-party': 1 }

function Holder({ task, names, role }: { task: Task; names: Order['names']; role: (id: string) => string }) {
  const { t } = useTranslation('order')
  const { name } = useTitles()
  const who = [name(names, task.person), name(names, task.unit)].filter(Boolean).join(' · ')
  return (
    <Text size="sm" c="dimmed">
      {who ||
        (task.queue ? t('task.queue', { role: role(task.queue) }) : task.status === 'child' ? t('task.child') : t('chronicle.machine'))}
      {task.absent && ` (${t('task.absent', { name: name(names, task.absent) })})`}
      {' · '}
      <When at={task.acceptedAt ?? task.openedAt} />
    </Text>
  )
}
