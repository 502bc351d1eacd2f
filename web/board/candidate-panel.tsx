import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import type { TaskItem } from '../http/types.ts'
import { ordersChanged } from '../live/follow.ts'
import { useBar } from '../order/bar.ts'
import { Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'
import { type Candidates, candidatesQuery } from './queries.ts'

const MOST = 12
const parts = ['near', 'skill', 'shift', 'load', 'own'] as const

/** Who could do the task, the best first, and the points that say why. */
export function CandidatePanel({ item }: { item: TaskItem | undefined }) {
  const { t } = useTranslation('board')
  const found = useQuery({ ...candidatesQuery(item ?? { order: '', task: '' }), enabled: item !== undefined })
  return (
    <Paper withBorder p="sm">
      <Title order={2} mb={6}>
        {t('candidates.title')}
      </Title>
      {!item ? (
        <Text size="sm" c="dimmed">
          {t('candidates.choose')}
        </Text>
      ) : (
        <Loaded of={found} rows={4}>
          {(data) => <List data={data} item={item} />}
        </Loaded>
      )}
    </Paper>
  )
}

function List({ data, item }: { data: Candidates; item: TaskItem }) {
  const { t } = useTranslation('board')
  const bar = useBar()
  const { name, say } = useTitles()
  const dispatch = useMutation({
    mutationFn: (person: string) =>
      post(`/orders/${item.order}/commands`, {
        type: item.status === 'undispatched' ? 'dispatch' : 'reassign',
        task: item.task,
        person,
        reason: t('candidates.reason'),
      }),
    onSuccess: (_, person) => tell(t('candidates.first', { name: say(data.names[person]) })),
    onError: tellProblem,
    onSettled: () => ordersChanged(item.order),
  })
  const fitting = data.items.filter(({ not }) => !not)
  const list = (fitting.length > 0 ? fitting : data.items).slice(0, MOST)
  return (
    <Stack gap={8}>
      {data.rule && (
        <Text size="xs" c="dimmed">
          {t('candidates.rule', { rule: data.rule })}
        </Text>
      )}
      {fitting.length === 0 && (
        <div>
          <Text size="sm" fw={500}>
            {t('candidates.none')}
          </Text>
          <Text size="xs" c="dimmed">
            {t('candidates.noneHint')}
          </Text>
        </div>
      )}
      {list.map((one, i) => (
        <Group key={`${one.person} ${one.role}`} justify="space-between" wrap="nowrap" align="start" gap={6}>
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={i === 0 && !one.not ? 600 : 400}>
              {name(data.names, one.person)}
            </Text>
            <Text size="xs" c="dimmed">
              {name(data.names, one.unit)} ·{' '}
              {one.capacity === null
                ? t('candidates.tasks', { count: one.tasks })
                : t('candidates.capacity', { count: one.tasks, capacity: one.capacity })}
              {one.via && ` · ${t('candidates.via', { name: name(data.names, one.via) })}`}
            </Text>
            {one.not ? (
              <Text size="xs" c="var(--mantine-color-orange-light-color)">
                {bar(one.not)}
              </Text>
            ) : (
              <Group gap={3} mt={2}>
                {one.parts &&
                  parts
                    .filter((part) => one.parts![part] !== 0)
                    .map((part) => (
                      <Badge key={part} size="xs" color="gray">
                        {t(`candidates.part.${part}`)} {one.parts![part] > 0 ? '+' : ''}
                        {one.parts![part]}
                      </Badge>
                    ))}
              </Group>
            )}
          </div>
          <Button
            size="compact-xs"
            style={{ flexShrink: 0 }}
            variant={i === 0 && !one.not ? 'filled' : 'default'}
            loading={dispatch.isPending && dispatch.variables === one.person}
            onClick={() => dispatch.mutate(one.person)}
            aria-label={`${t('candidates.to')} ${name(data.names, one.person)}`}
          >
            {t('candidates.to')}
          </Button>
        </Group>
      ))}
    </Stack>
  )
}
