import { Anchor, Group, Paper, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { orderQuery, processQuery } from '../http/queries.ts'
import { Loaded } from '../parts/query-state.tsx'
import { Status } from '../parts/status.tsx'
import { OpenTasks } from './open-tasks.tsx'
import { CommandDialog } from './commands/dialog.tsx'
import { useCommands } from './commands/use-commands.ts'
import { RouteMap } from './map/route-map.tsx'
import type { Order, ProcessDetail } from '../http/types.ts'
import { useTitles } from '../texts/use-lang.ts'

/** An order inside the page of another: what is to be done in it, and its map. */
export function InPlace({ id }: { id: string }) {
  const order = useQuery(orderQuery(id))
  const process = useQuery({ ...processQuery(order.data?.process ?? ''), enabled: order.data !== undefined })
  return (
    <Paper withBorder p="sm" mt="xs" bg="var(--paidan-page)">
      <Loaded of={order} rows={3}>
        {(one) => <Loaded of={process}>{(its) => <Inside order={one} process={its} />}</Loaded>}
      </Loaded>
    </Paper>
  )
}

function Inside({ order, process }: { order: Order; process: ProcessDetail }) {
  const { t } = useTranslation('order')
  const { say } = useTitles()
  // Keys belong to the page's own order: two of a kind would both answer.
  const commands = useCommands(order, false)
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {order.no} · {say(process.title)}
        </Text>
        <Group gap="xs">
          <Status of={order.status} />
          <Anchor component={Link} to={`/orders/${order.id}`} size="sm">
            {t('tree.goto', { no: order.no ?? '' })}
          </Anchor>
        </Group>
      </Group>
      <OpenTasks order={order} process={process} commands={commands} />
      <RouteMap order={order} process={process} />
      <CommandDialog asked={commands.asked} order={order} process={process} close={commands.close} />
    </Stack>
  )
}
