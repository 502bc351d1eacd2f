import { Alert, CopyButton, Group, Text, Title, Tooltip, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { orderQuery, processQuery } from '../http/queries.ts'
import type { Order, ProcessDetail } from '../http/types.ts'
import { Due } from '../parts/due.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { Priority, Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { Chronicle } from './chronicle/chronicle.tsx'
import { Clocks } from './clocks/clocks.tsx'
import { OrderCommands } from './commands/bar.tsx'
import { CommandDialog } from './commands/dialog.tsx'
import { useCommands } from './commands/use-commands.ts'
import { WhyNot } from './commands/why-not.tsx'
import { DoneTasks } from './done-tasks.tsx'
import { FactsOf } from './facts.tsx'
import { Files } from './files.tsx'
import { RouteMap } from './map/route-map.tsx'
import { InPlace } from './in-place.tsx'
import { InnerOrder } from './inner.ts'
import { OpenTasks } from './open-tasks.tsx'
import './order.css'
import { Section } from './section.tsx'
import { TreeOf } from './tree.tsx'
import { useWords } from './words.ts'

export function OrderPage() {
  const { order: id } = useParams({ from: '/inside/orders/$order' })
  const order = useQuery(orderQuery(id))
  const process = useQuery({ ...processQuery(order.data?.process ?? ''), enabled: order.data !== undefined })
  return (
    <Loaded of={order} rows={12}>
      {(one) => (
        <Loaded of={process} rows={12}>
          {(its) => (
            <InnerOrder.Provider value={InPlace}>
              <Page key={one.id} order={one} process={its} />
            </InnerOrder.Provider>
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

function Page({ order, process }: { order: Order; process: ProcessDetail }) {
  const { t } = useTranslation('order')
  const commands = useCommands(order)
  const [why, setWhy] = useState(false)
  return (
    <>
      <Head order={order} process={process} />
      {order.status === 'stopped' && order.stopped && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} mb="sm" title={t('stopped', { code: order.stopped.code })}>
          {order.stopped.message}
        </Alert>
      )}
      <div className="order-page">
        <div>
          <Section
            title={t('open')}
            aside={
              <Group gap={6}>
                <OrderCommands commands={commands} whyNot={() => setWhy(true)} />
              </Group>
            }
          >
            <OpenTasks order={order} process={process} commands={commands} />
          </Section>
          <RouteMap order={order} process={process} />
          <DoneTasks order={order} process={process} />
          <Chronicle order={order} process={process} />
        </div>
        <div>
          <FactsOf order={order} process={process} />
          <Clocks order={order} process={process} />
          <Files order={order} />
          <TreeOf id={order.id} />
        </div>
      </div>
      <CommandDialog asked={commands.asked} order={order} process={process} close={commands.close} />
      <WhyNot order={order} process={process} opened={why} close={() => setWhy(false)} />
    </>
  )
}

/** What one looks at first: which order, how urgent, how it stands. */
function Head({ order, process }: { order: Order; process: ProcessDetail }) {
  const { t } = useTranslation(['order', 'common'])
  const { say } = useTitles()
  const words = useWords(process)
  useEffect(() => {
    document.title = `${order.no ?? ''} ${order.title} · ${t('common:product')}`
  }, [order.no, order.title, t])
  const done = order.status === 'closed'
  return (
    <header style={{ marginBottom: 12 }}>
      <Group justify="space-between" gap="xs" align="start">
        <div style={{ minWidth: 0, flex: '1 1 300px' }}>
          <Group gap={8} mb={2}>
            <CopyButton value={order.no ?? order.id}>
              {({ copied, copy }) => (
                <Tooltip label={copied ? t('copied') : t('copy')}>
                  <UnstyledButton onClick={copy} fz="sm" ff="monospace" c="dimmed">
                    {order.no ?? order.id}
                  </UnstyledButton>
                </Tooltip>
              )}
            </CopyButton>
            <Text size="sm" c="dimmed">
              {process.no} {say(process.title)}
            </Text>
          </Group>
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {order.title}
          </Title>
          {order.customer && (
            <Text size="sm" component={Link} to={`/customers/${order.customer.id}`} c="var(--mantine-color-anchor)">
              {say(order.customer.name)}
            </Text>
          )}
        </div>
        <Group gap={6} align="center">
          <Priority of={order.priority} />
          <Status of={order.status} />
          {done && order.end && (
            <Text size="sm" fw={600}>
              {words.end(order.end)}
            </Text>
          )}
          {!done && order.promise && (
            <Group gap={4}>
              <Text size="sm" c="dimmed">
                {t('promised')}
              </Text>
              <Text size="sm">
                <When at={order.promise} absolute />
              </Text>
              <Due at={order.promise} since={order.openedAt} />
            </Group>
          )}
          {done && order.closedAt && (
            <Text size="sm" c="dimmed">
              <When at={order.closedAt} absolute />
            </Text>
          )}
        </Group>
      </Group>
    </header>
  )
}
