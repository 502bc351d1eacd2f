import { Anchor, Button, Group, SegmentedControl, Text, ThemeIcon } from '@mantine/core'
import { IconClock, IconRobot, IconSubtask, IconUser } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import type { Event, Names, Order, ProcessDetail } from '../../http/types.ts'
import { Loaded } from '../../parts/query-state.tsx'
import { When } from '../../parts/when.tsx'
import { chronicleQuery } from '../queries.ts'
import { Section } from '../section.tsx'
import { useWords } from '../words.ts'
import { useActors } from './actor.tsx'
import { useDescriptions } from './describe.ts'

const icons: Readonly<Record<string, typeof IconUser>> = { person: IconUser, customer: IconUser, clock: IconClock, order: IconSubtask }

/** The history as facts, the latest first: who did what, on whose behalf, person or machine. */
export function Chronicle({ order, process }: { order: Order; process: ProcessDetail }) {
  const { t } = useTranslation(['order', 'common'])
  const me = useMe()
  const [all, setAll] = useState(false)
  if (!me.may.audit)
    return (
      <Section title={t('history')}>
        <Text size="sm" c="dimmed">
          {t('chronicle.notYours')}
        </Text>
      </Section>
    )
  return (
    <Section
      title={t('history')}
      aside={
        <Group gap="xs">
          <Anchor component={Link} to={`/audit/${order.id}`} size="sm">
            {t('chronicle.audit')}
          </Anchor>
          <SegmentedControl
            size="xs"
            aria-label={t('history')}
            value={all ? 'all' : 'people'}
            onChange={(value) => setAll(value === 'all')}
            data={[
              { value: 'people', label: t('chronicle.people') },
              { value: 'all', label: t('chronicle.all') },
            ]}
          />
        </Group>
      }
    >
      <Pages order={order} process={process} all={all} />
    </Section>
  )
}

/** Of the machine's facts, those that everybody wants to see. */
const weighty = new Set([
  'order-closed',
  'order-stopped',
  'order-resumed',
  'rung-fired',
  'offer-expired',
  'automatic-failed',
  'child-ended',
  'order-withdrawn',
])

function Pages({ order, process, all }: { order: Order; process: ProcessDetail; all: boolean }) {
  const { t } = useTranslation('order')
  const pages = useInfiniteQuery(chronicleQuery(order.id))
  return (
    <Loaded of={pages}>
      {({ pages: loaded }) => {
        const names: Names = Object.assign({}, ...loaded.map((page) => page.names), order.names) as Names
        const events = loaded
          .flatMap(({ items }) => items)
          .filter(({ actor, type }) => all || actor.kind === 'person' || actor.kind === 'customer' || weighty.has(type))
        return (
          <>
            <ul className="chronicle">
              {events.map((event) => (
                <Fact key={event.seq} event={event} process={process} names={names} />
              ))}
            </ul>
            {pages.hasNextPage && (
              <Button size="xs" variant="default" mt="xs" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t('chronicle.earlier')}
              </Button>
            )}
          </>
        )
      }}
    </Loaded>
  )
}

function Fact({ event, process, names }: { event: Event; process: ProcessDetail; names: Names }) {
  const { t } = useTranslation('order')
  const words = useWords(process)
  const actor = useActors(names)
  const described = useDescriptions(words, names)(event)
  const Icon = icons[event.actor.kind] ?? IconRobot
  const person = event.actor.kind === 'person' || event.actor.kind === 'customer'
  return (
    <li>
      <ThemeIcon
        size={22}
        radius="xl"
        variant="light"
        color={person ? 'jade' : event.type === 'rung-fired' ? 'red' : 'gray'}
        role="img"
        aria-label={person ? t('chronicle.person') : t('chronicle.machine')}
      >
        <Icon size={14} />
      </ThemeIcon>
      <div style={{ minWidth: 0 }}>
        <Text size="sm">
          <Text span fw={600}>
            {actor(event.actor)}
          </Text>{' '}
          {described.text}
        </Text>
        {described.words && (
          <Text size="sm" c="dimmed" className="words">
            {described.words}
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed" ta="end">
        <When at={event.at} absolute /> · #{event.seq}
      </Text>
    </li>
  )
}
