import { Accordion, Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Fact, Names, Order, ProcessDetail, Task } from '../http/types.ts'
import { When } from '../parts/when.tsx'
import { useJoin, useTitles } from '../texts/use-lang.ts'
import { API } from '../http/client.ts'
import { FactList } from './fact-list.tsx'
import { Parties } from './parties.tsx'
import { Section } from './section.tsx'
import { fieldsOf, stepOf, useValues, useWords } from './words.ts'

/** What has been done, the latest first, with the forms as they were filled in. */
export function DoneTasks({ order, process }: { order: Order; process: ProcessDetail }) {
  const { t } = useTranslation('order')
  const { aside } = useJoin()
  const { say, name } = useTitles()
  const words = useWords(process)
  const done = order.tasks.filter(({ closedAt }) => closedAt !== null).sort((a, b) => Date.parse(b.closedAt!) - Date.parse(a.closedAt!))
  return (
    <Section title={aside(t('doneTasks'), done.length)}>
      {done.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noneDone')}
        </Text>
      ) : (
        <Accordion
          multiple
          variant="default"
          chevronPosition="left"
          styles={{ control: { paddingInline: 4 }, label: { paddingBlock: 7 } }}
          order={3}
        >
          {done.map((task) => (
            <Accordion.Item value={task.task} key={task.task}>
              <Accordion.Control>
                <Group justify="space-between" gap={4}>
                  <Group gap={6}>
                    <Text size="sm">{say(task.title)}</Text>
                    {task.key && <Badge color="gray">{name(order.names, task.key)}</Badge>}
                    {task.n > 1 && <Badge color="gray">{t('task.round', { n: task.n })}</Badge>}
                    <Text size="sm" fw={600}>
                      {task.outcome ? words.outcome(task.task, task.outcome) : t('task.removed')}
                    </Text>
                    {task.breachedAt && <Badge color="red">{t('task.late')}</Badge>}
                  </Group>
                  <Text size="xs" c="dimmed">
                    {task.doneBy ? name(order.names, task.doneBy) : ''} · <When at={task.closedAt} absolute />
                  </Text>
                </Group>
              </Accordion.Control>
              <Accordion.Panel>
                <Form task={task} order={order} process={process} names={order.names} />
                {task.parties.length > 0 && <Parties task={task} process={process} names={order.names} />}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </Section>
  )
}

function Form({ task, order, process, names }: { task: Task; order: Order; process: ProcessDetail; names: Names }) {
  const { t } = useTranslation(['order', 'form'])
  const { say, name } = useTitles()
  const value = useValues(names)
  const fields = task.outcome === null ? {} : (process.steps[stepOf(task.task)]?.outcomes[task.outcome]?.form ?? {})
  const write = (field: string, given: Fact) => {
    const file = fields[field]?.type === 'file' && order.attachments.find(({ id }) => id === given)
    return file ? (
      <a href={`${API}/orders/${order.id}/attachments/${file.id}`}>{file.name}</a>
    ) : (
      value(fields[field] ?? fieldsOf(process)[field], given, field)
    )
  }
  const lines = [
    ...Object.entries(task.form ?? {}).map(([field, given]) => ({
      key: field,
      label: say(fields[field]?.title) || field,
      value: write(field, given),
    })),
    ...(task.note ? [{ key: 'note()', label: t('form:note'), value: task.note }] : []),
    ...(task.doneBy
      ? [
          {
            key: 'by()',
            label: t('task.doneBy'),
            value: `${name(names, task.doneBy)}${task.doneFor ? ` (${t('task.doneFor', { name: name(names, task.doneFor) })})` : ''}`,
          },
        ]
      : []),
    { key: 'opened()', label: t('opened'), value: <When at={task.openedAt} absolute /> },
  ]
  return <FactList lines={lines} />
}
