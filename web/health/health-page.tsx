import { Alert, Badge, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Grid } from '../parts/grid.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { clockTime, duration, lateness } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useJoin, useLang, useTitles } from '../texts/use-lang.ts'
import { FindingsPanel } from './findings-panel.tsx'
import { type Health, healthQuery, orphansOf } from './queries.ts'

const colours = { ok: 'teal', slow: 'orange', failed: 'red' } as const
const SECOND_MS = 1_000

/** Everything an operator looks at: parts, what is stuck and what to do, delays, backlogs, schedules, the gate. */
export function HealthPage() {
  const { t } = useTranslation('health')
  const lang = useLang()
  const health = useQuery(healthQuery)
  return (
    <>
      <PageTitle title={t('title')} />
      <Loaded of={health} rows={6}>
        {(data) => (
          <Stack>
            <Alert color={colours[data.state]} title={t(`whole.${data.state}`)} role="status">
              <Text size="sm">
                {t('at', { time: clockTime(data.at, lang, true) })} · {data.version}
              </Text>
            </Alert>
            <Parts health={data} />
            <Figures health={data} />
            <FindingsPanel />
            <Stopped health={data} />
            <Gate health={data} />
            <Schedules health={data} />
          </Stack>
        )}
      </Loaded>
    </>
  )
}

function Parts({ health: { parts, moves } }: { health: Health }) {
  const { t } = useTranslation('health')
  const lang = useLang()
  const { say } = useTitles()
  const about = ({ id, detail }: (typeof parts)[number]): string =>
    id === 'recorder' && moves.lastAt ? t('latest', { time: clockTime(moves.lastAt, lang, true) }) : say(detail)
  return (
    <section aria-label={t('parts')}>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xs">
        {parts.map((part) => {
          const { id, state, ms } = part
          return (
            <Paper withBorder p="sm" key={id}>
              <Badge color={colours[state]}>{t(`state.${state}`)}</Badge>
              <Text size="sm" fw={600} span ms="xs">
                {t(`part.${id}`)}
              </Text>
              {ms !== null && (
                <Text size="xs" c="dimmed" span ms="xs">
                  {lateness(ms, lang)}
                </Text>
              )}
              <Text size="xs" c="dimmed">
                {about(part)}
              </Text>
            </Paper>
          )
        })}
      </SimpleGrid>
    </section>
  )
}

function Figures({ health }: { health: Health }) {
  const { t } = useTranslation('health')
  const lang = useLang()
  const { moves, timers, outbox, archive, live, connections } = health
  const figures = [
    { name: t('figure.moves'), value: String(moves.lastMinute) },
    { name: t('figure.unrecorded'), value: moves.unrecorded ? duration(moves.unrecorded.seconds * SECOND_MS, lang) : t('none') },
    { name: t('figure.lag'), value: timers.worstLagMs === null ? t('none') : lateness(timers.worstLagMs, lang) },
    { name: t('figure.orphans'), value: orphansOf(health)?.toString() ?? '–' },
    { name: t('figure.outbox'), value: String(outbox.waiting), more: outbox.dead > 0 && t('dead', { count: outbox.dead }) },
    { name: t('figure.archive'), value: String(archive.waiting), more: archive.failed > 0 && t('failed', { count: archive.failed }) },
    { name: t('figure.viewers'), value: String(live.viewers) },
    { name: t('figure.connections'), value: `${connections.busy} / ${connections.busy + connections.idle}` },
  ]
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }}>
      {figures.map(({ name, value, more }) => (
        <div key={name}>
          <Text size="xl" fw={700}>
            {value}
          </Text>
          <Text size="xs" c="dimmed">
            {name}
            {more && ` · ${more}`}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  )
}

function Stopped({ health: { stopped } }: { health: Health }) {
  const { t } = useTranslation('health')
  if (stopped.length === 0) return null
  return (
    <section>
      <Title order={2} mb="xs">
        {t('stopped')}
      </Title>
      <Grid
        label={t('stopped')}
        rows={stopped}
        id={({ order }) => order}
        columns={[
          {
            head: t('order'),
            cell: ({ order, no }) => (
              <Link to="/orders/$order" params={{ order }}>
                {no ?? order}
              </Link>
            ),
          },
          { head: t('kind'), cell: ({ code, message }) => `${code}: ${message}` },
          { head: t('since'), cell: ({ since }) => <When at={since} absolute /> },
        ]}
      />
    </section>
  )
}

function Gate({ health: { gate, anchor } }: { health: Health }) {
  const { t } = useTranslation('health')
  const { aside, pair } = useJoin()
  return (
    <Paper withBorder p="sm" component="section">
      <Title order={2} mb={4}>
        {t('gate')}
      </Title>
      <Text size="sm">
        {gate ? (
          <>
            <Badge color={gate.ok ? 'teal' : 'red'}>{gate.version}</Badge>{' '}
            {gate.ok
              ? t('gateOk', { orders: gate.orders })
              : t('gateBad', { orders: gate.orders, moved: gate.moved, refused: gate.refused })}{' '}
            <When at={gate.at} />
          </>
        ) : (
          t('gateNone')
        )}
      </Text>
      {anchor && (
        <Text size="xs" c="dimmed">
          {pair(t('anchor'), aside(anchor.day, anchor.n))} {anchor.error}
        </Text>
      )}
    </Paper>
  )
}

function Schedules({ health: { schedules } }: { health: Health }) {
  const { t } = useTranslation('health')
  if (schedules.length === 0) return null
  return (
    <section>
      <Title order={2} mb="xs">
        {t('schedules')}
      </Title>
      <Grid
        label={t('schedules')}
        rows={schedules}
        id={({ id }) => id}
        columns={[
          {
            head: t('kind'),
            cell: ({ title, paused }) => (
              <>
                {title} {paused && <Badge color="orange">{t('paused')}</Badge>}
              </>
            ),
          },
          {
            head: t('last'),
            cell: ({ lastAt, lastOrder }) =>
              lastOrder ? (
                <Link to="/orders/$order" params={{ order: lastOrder }}>
                  <When at={lastAt} absolute />
                </Link>
              ) : (
                <When at={lastAt} absolute />
              ),
          },
          { head: t('next'), cell: ({ nextAt }) => <When at={nextAt} absolute /> },
        ]}
      />
    </section>
  )
}
