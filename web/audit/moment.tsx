import { Badge, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { processQuery } from '../http/queries.ts'
import type { Fact, Names } from '../http/types.ts'
import { fieldsOf, useValues } from '../order/words.ts'
import { Loaded } from '../parts/query-state.tsx'
import { Status } from '../parts/status.tsx'
import { clockTime } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { atQuery, type StateAt } from './queries.ts'
import { Value } from './value.tsx'

interface Props {
  order: string
  seq: number
  process: string
  names: Names
}

/** The order as it was: state, tasks, limits, facts, and the orders under it. */
export function Moment({ order, seq, process, names }: Props) {
  const { t } = useTranslation('audit')
  const lang = useLang()
  const at = useQuery({ ...atQuery(order, seq), placeholderData: keepPreviousData })
  return (
    <Paper withBorder p="sm" component="section">
      <Loaded of={at}>
        {(moment) => (
          <Stack gap="sm">
            <Group justify="space-between">
              <Title order={2}>{t('at', { time: clockTime(moment.at, lang, true) })}</Title>
              <Status of={moment.state.status} />
            </Group>
            <Tasks state={moment.state} process={process} names={names} />
            <Clocks state={moment.state} />
            <Facts state={moment.state} process={process} names={names} />
            <Children state={moment.state} />
          </Stack>
        )}
      </Loaded>
    </Paper>
  )
}

type State = StateAt['state']

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

function Tasks({ state, process, names }: { state: State; process: string; names: Names }) {
  const { t } = useTranslation('audit')
  const { say, name } = useTitles()
  const steps = useQuery(processQuery(process)).data?.steps
  const tasks = Object.values(state.tasks)
  return (
    <Part title={t('tasks')}>
      {tasks.length === 0 ? (
        <Text size="sm">{t('noTasks')}</Text>
      ) : (
        <Table verticalSpacing={4}>
          <Table.Tbody>
            {tasks.map((task) => (
              <Table.Tr key={task.id}>
                <Table.Td>{say(steps?.[task.step]?.title) || task.step}</Table.Td>
                <Table.Td>
                  <Status of={task.suspended ? 'suspended' : task.status} />
                </Table.Td>
                <Table.Td>{name(names, task.person ?? task.unit)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  )
}

function Clocks({ state }: { state: State }) {
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
              <Table.Td>{id}</Table.Td>
              <Table.Td>{t('due', { time: clockTime(clock.due, lang, true) })}</Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {clock.stopped !== undefined && <Badge color="gray">{t('stopped')}</Badge>}
                  {clock.paused && <Badge color="yellow">{t('paused', { ...clock.paused })}</Badge>}
                  {clock.fired.length > 0 && <Badge color="red">{t('fired', { rungs: clock.fired.join(', ') })}</Badge>}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Part>
  )
}

function Facts({ state, process, names }: { state: State; process: string; names: Names }) {
  const { t } = useTranslation('audit')
  const { say } = useTitles()
  const detail = useQuery(processQuery(process)).data
  // A fact is called as the form that asks for it calls it.
  const fields = fieldsOf(detail)
  const write = useValues(names)
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
                <Table.Td w="38%">{say(fields[name]?.title) || name}</Table.Td>
                <Table.Td>{fields[name] ? write(fields[name], value as Fact, name) : <Value of={value} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  )
}

function Children({ state }: { state: State }) {
  const { t } = useTranslation('audit')
  const children = Object.entries(state.children)
  if (children.length === 0) return null
  return (
    <Part title={t('children')}>
      {children.map(([id, child]) => (
        <Group key={id} gap="xs">
          <Link to="/audit/$order" params={{ order: id }}>
            {child.process}
          </Link>
          <Status of={child.end ? 'closed' : 'open'} />
        </Group>
      ))}
    </Part>
  )
}
