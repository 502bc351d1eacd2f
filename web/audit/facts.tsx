import { Badge, Button, Code, Group, Paper, Text, Title, UnstyledButton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type RefObject, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Event, EventList, Names, ProcessDetail } from '../http/types.ts'
import { useDescriptions } from '../order/chronicle/describe.ts'
import { useProcess, useWords } from '../order/words.ts'
import { Loaded } from '../parts/query-state.tsx'
import { clockTime } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import classes from './audit.module.css'
import { historyQuery } from './queries.ts'
import { Lines } from './words/said.tsx'
import { type Say, type Speakers, useSay } from './words/use-say.ts'

interface Props {
  order: string
  speakers: Speakers
  seq: number
  go: (seq: number) => void
}

/** Every fact of the history: who, for whom, machine or person; the one that the slider stands at is marked. */
export function Facts({ order, speakers, seq, go }: Props) {
  const { t } = useTranslation(['audit', 'common'])
  const pages = useInfiniteQuery(historyQuery(order))
  const marked = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (marked.current) showInList(marked.current)
  }, [seq, pages.data])
  return (
    <Paper withBorder p="sm" component="section">
      <Title order={2} mb="xs">
        {t('history')}
      </Title>
      <Loaded of={pages}>
        {({ pages: all }) => (
          <div className={classes.facts} tabIndex={0} role="group" aria-label={t('history')}>
            {all.map((page) => (
              <Page key={page.items[0]?.seq} page={page} speakers={speakers} seq={seq} go={go} marked={marked} />
            ))}
            {pages.hasNextPage && (
              <Button size="compact-sm" variant="subtle" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t('common:more')}
              </Button>
            )}
          </div>
        )}
      </Loaded>
    </Paper>
  )
}

/** Scrolls the list alone: what else is looked at stays where it is. */
function showInList(line: HTMLElement): void {
  const list = line.parentElement!
  const { offsetTop: top, offsetHeight: height } = line
  if (top < list.scrollTop) list.scrollTop = top
  else if (top + height > list.scrollTop + list.clientHeight) list.scrollTop = top + height - list.clientHeight
}

interface PageProps extends Omit<Props, 'order'> {
  page: EventList
  marked: RefObject<HTMLButtonElement | null>
}

function Page({ page: { items, names }, speakers, seq, go, marked }: PageProps) {
  const say = useSay(speakers, names)
  const process = useProcess(speakers.process)
  return items.map((event) => (
    <UnstyledButton
      key={event.seq}
      ref={event.seq === seq ? marked : undefined}
      className={classes.fact}
      data-here={event.seq === seq || undefined}
      data-later={event.seq > seq || undefined}
      aria-current={event.seq === seq ? 'step' : undefined}
      onClick={() => go(event.seq)}
    >
      <FactLine event={event} say={say} process={process} names={names} here={event.seq === seq} />
    </UnstyledButton>
  ))
}

const kinds = { person: 'person', customer: 'customer', system: 'machine', clock: 'clock', order: 'otherOrder' } as const

function FactLine({
  event,
  say,
  process,
  names,
  here,
}: {
  event: Event
  say: Say
  process: ProcessDetail | undefined
  names: Names
  here: boolean
}) {
  const { t } = useTranslation('audit')
  const { name } = useTitles()
  const words = useWords(process)
  // The end of another order is called as its own process calls it.
  const end = (id: string) => String(say.value('end', id, { child: event.data.child }))
  const sentence = useDescriptions({ ...words, end }, names)
  const lang = useLang()
  const { actor } = event
  const flow = actor.kind === 'order' && actor.id === 'flow'
  const kind = flow ? 'flow' : (kinds[actor.kind as keyof typeof kinds] ?? 'machine')
  return (
    <>
      <Group gap={6} justify="space-between" wrap="nowrap" align="start">
        <Text size="sm" fw={500} component="span" className={classes.value}>
          {event.seq} · {sentence(event).text}
        </Text>
        <Text size="xs" c="dimmed" component="span" style={{ whiteSpace: 'nowrap' }}>
          {clockTime(event.at, lang, true)}
        </Text>
      </Group>
      <Group gap={6}>
        <Badge size="sm" color={kind === 'person' || kind === 'customer' ? 'blue' : 'gray'}>
          {t(kind)}
        </Badge>
        <Text size="xs" component="span">
          {kind === 'person' || kind === 'customer' || kind === 'otherOrder' ? name(names, actor.id) : ''}
          {actor.for ? ` ${t('behalf', { name: name(names, actor.for) })}` : ''}
        </Text>
      </Group>
      {here && (
        <div className={classes.detail}>
          <Lines of={say.lines(event.data)} />
          <Text size="xs" component="div" mt={4}>
            {t('hash')} <Code>{event.hash.slice(0, 16)}</Code> ← <Code>{event.prevHash.slice(0, 16)}</Code>
          </Text>
        </div>
      )}
    </>
  )
}
