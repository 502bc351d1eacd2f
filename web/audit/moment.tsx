import { Anchor, Badge, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../parts/query-state.tsx'
import { Status } from '../parts/status.tsx'
import { clockTime } from '../parts/time.ts'
import { useLang } from '../texts/use-lang.ts'
import classes from './audit.module.css'
import { atQuery, type StateAt } from './queries.ts'
import { type Say, type Speakers, useSay } from './words/use-say.ts'

/** The order as it was: state, tasks, limits, facts, and the orders under it. */
export function Moment({ order, seq, speakers }: { order: string; seq: number; speakers: Speakers }) {
  const at = useQuery({ ...atQuery(order, seq), placeholderData: keepPreviousData })
  return (
    <Paper withBorder p="sm" component="section">
      <Loaded of={at}>{(moment) => <AsItWas moment={moment} speakers={speakers} />}</Loaded>
    </Paper>
  )
}

function AsItWas({ moment: { at, state, names }, speakers }: { moment: StateAt; speakers: Speakers }) {
  const { t } = useTranslation('audit')
  const lang = useLang()
  const say = useSay(speakers, names)
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2}>{t('at', { time: clockTime(at, lang, true) })}</Title>
        <Status of={state.status} />
      </Group>
      <Tasks state={state} say={say} />
      <Clocks state={state} say={say} />
      <Facts state={state} say={say} />
      <Children state={state} say={say} />
    </Stack>
  )
}

type State = StateAt['state']
interface Shown {
  state: State
  say: Say
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={3} mb={4}>
        {title}
      </Title>
      {children}
    </section>
  )
}

function Tasks({ state, say }: Shown) {
  const { t } = useTranslation('audit')
  const tasks = Object.values(state.tasks)
  const text = (name: string, value: unknown) => (value === undefined ? undefined : String(say.value(name, value)))
  return (
    <Part title={t('tasks')}>
      {tasks.length === 0 ? (
        <Text size="sm">{t('noTasks')}</Text>
      ) : (
        <Table verticalSpacing={4}>
          <Table.Tbody>
            {tasks.map((task) => (
              <Table.Tr key={task.id}>
                <Table.Td>{say.task(task.id)}</Table.Td>
                <Table.Td>
                  <Status of={task.suspended ? 'suspended' : task.status} />
                </Table.Td>
                <Table.Td>
                  {[text('person', task.person), text('unit', task.unit), text('queue', task.queue)].filter(Boolean).join(' \u00b7 ')}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  )
}

function Clocks({ state, say }: Shown) {
  const { t } = useTranslation('audit')
  const lang = useLang()
  const clocks = Object.entries(state.clocks)
  if (clocks.length === 0) return null
  return (
    <Part title={t('clocks')}>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {clocks.map(([id, clock]) => (
            <Table.Tr key={id}>
              <Table.Td>
                {say.clock(id)}
                <Group gap={4}>
                  {clock.stopped !== undefined && <Badge color="gray">{t('stopped')}</Badge>}
                  {clock.paused && (
                    <Badge color="yellow" className={classes.badge}>
                      {t('paused', { party: String(say.value('party', clock.paused.party)), reason: clock.paused.reason })}
                    </Badge>
                  )}
                  {clock.fired.length > 0 && <Badge color="red">{t('fired', { rungs: clock.fired.join(', ') })}</Badge>}
                </Group>
              </Table.Td>
              <Table.Td ta="end">{t('due', { time: clockTime(clock.due, lang, true) })}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Part>
  )
}

function Facts({ state, say }: Shown) {
  const { t } = useTranslation('audit')
  const facts = Object.entries(state.facts)
  return (
    <Part title={t('facts')}>
      {facts.length === 0 ? (
        <Text size="sm">{t('noFacts')}</Text>
      ) : (
        <Table verticalSpacing={4}>
          <Table.Tbody>
            {facts.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Td w="38%">{say.fact(name)}</Table.Td>
                <Table.Td className={classes.value}>{say.factValue(name, value)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  )
}

function Children({ state, say }: Shown) {
  const { t } = useTranslation('audit')
  const children = Object.entries(state.children)
  if (children.length === 0) return null
  return (
    <Part title={t('children')}>
      {children.map(([id, child]) => (
        <Group key={id} gap="xs" mb={4}>
          <Anchor component={Link} to={`/audit/${id}`} size="sm">
            {say.child(id, child.process)}
          </Anchor>
          <Status of={child.end ? 'closed' : 'open'} />
          {child.end && <Text size="sm">{String(say.value('end', child.end, { process: child.process }))}</Text>}
        </Group>
      ))}
    </Part>
  )
}
