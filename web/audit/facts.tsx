import { Badge, Button, Code, Group, Paper, Text, Title, UnstyledButton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Event, Fact, Form, Names } from '../http/types.ts'
import { fieldsOf, useProcess, useValues } from '../order/words.ts'
import { Loaded } from '../parts/query-state.tsx'
import { clockTime } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import classes from './audit.module.css'
import { historyQuery } from './queries.ts'
import { Value } from './value.tsx'

interface Props {
  order: string
  process: string
  seq: number
  go: (seq: number) => void
}

/** Every fact of the history: who, for whom, machine or person; the one that the slider stands at is marked. */
export function Facts({ order, process, seq, go }: Props) {
  const { t } = useTranslation(['audit', 'common'])
  const pages = useInfiniteQuery(historyQuery(order))
  const fields = fieldsOf(useProcess(process))
  const marked = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    marked.current?.scrollIntoView({ block: 'nearest' })
  }, [seq, pages.data])
  return (
    <Paper withBorder p="sm" component="section">
      <Title order={2} mb="xs">
        {t('history')}
      </Title>
      <Loaded of={pages}>
        {({ pages: all }) => (
          <div className={classes.facts} tabIndex={0} role="group" aria-label={t('history')}>
            {all.flatMap(({ items, names }) =>
              items.map((event) => (
                <UnstyledButton
                  key={event.seq}
                  ref={event.seq === seq ? marked : undefined}
                  className={classes.fact}
                  data-here={event.seq === seq || undefined}
                  data-later={event.seq > seq || undefined}
                  aria-current={event.seq === seq ? 'step' : undefined}
                  onClick={() => go(event.seq)}
                >
                  <FactLine event={event} fields={fields} names={names} here={event.seq === seq} />
                </UnstyledButton>
              )),
            )}
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

/** What was filled in: shown as the form has it. */
const filled = new Set(['form', 'facts', 'input'])
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const kinds = { person: 'person', system: 'machine', clock: 'clock', order: 'otherOrder' } as const

function FactLine({ event, fields, names, here }: { event: Event; fields: Form; names: Names; here: boolean }) {
  const { t } = useTranslation('audit')
  const { say, name } = useTitles()
  const write = useValues(names)
  const lang = useLang()
  const { actor } = event
  const kind = kinds[actor.kind as keyof typeof kinds] ?? 'machine'
  return (
    <>
      <Group gap={6} justify="space-between" wrap="nowrap">
        <Text size="sm" fw={500} component="span">
          {event.seq} · {event.type}
        </Text>
        <Text size="xs" c="dimmed" component="span" style={{ whiteSpace: 'nowrap' }}>
          {clockTime(event.at, lang, true)}
        </Text>
      </Group>
      <Group gap={6}>
        <Badge size="sm" color={kind === 'person' ? 'blue' : 'gray'}>
          {t(kind)}
        </Badge>
        <Text size="xs" component="span">
          {kind === 'person' ? name(names, actor.id) : ''}
          {actor.for ? ` ${t('behalf', { name: name(names, actor.for) })}` : ''}
        </Text>
      </Group>
      {here && (
        <>
          {Object.entries(event.data).map(([field, value]) => (
            <Text key={field} size="xs" component="div" ps="sm">
              {field}:{' '}
              {filled.has(field) && isRecord(value) ? (
                Object.entries(value).map(([entry, given]) => (
                  <Text key={entry} size="xs" component="div" ps="sm">
                    {say(fields[entry]?.title) || entry}:{' '}
                    {fields[entry] ? write(fields[entry], given as Fact, entry) : <Value of={given} />}
                  </Text>
                ))
              ) : (
                <Value of={value} />
              )}
            </Text>
          ))}
          <Text size="xs" component="div" ps="sm">
            {t('hash')} <Code>{event.hash.slice(0, 16)}</Code> ← <Code>{event.prevHash.slice(0, 16)}</Code>
          </Text>
        </>
      )}
    </>
  )
}
