import { Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import { Grid, moreOf } from '../parts/grid.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { clockTime, money } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { Differences } from './differences.tsx'
import { RunProgress } from './progress.tsx'
import { busy, type Run, runQuery, skipsQuery } from './queries.ts'
import { SettlementState } from './state.tsx'

/** One run: how far it is, what it came to, who was left out, and what it changes where it settles anew. */
export function RunPage() {
  const { t } = useTranslation('settlement')
  const lang = useLang()
  const { name } = useTitles()
  const { run: id } = useParams({ from: '/inside/settlement/runs/$run' })
  const run = useQuery(runQuery(id))
  return (
    <Loaded of={run}>
      {(data) => (
        <>
          <PageTitle title={t('run.title', { no: data.no, period: data.period })}>
            <Asking run={data} />
            <Button component={Link} to={`/orders/${id}`} size="xs" variant="default">
              {t('run.order')}
            </Button>
          </PageTitle>
          <Stack>
            <Paper withBorder p="sm">
              <Group justify="space-between" mb="xs">
                <Group gap="sm">
                  <SettlementState of={data.state} />
                  <Text size="sm">
                    {t(`kind.${data.kind}`)} · {name(data.names, data.department)}
                  </Text>
                  {data.extractedAt && (
                    <Text size="sm" c="dimmed">
                      {t('run.frozen', { time: clockTime(data.extractedAt, lang, true) })}
                    </Text>
                  )}
                </Group>
                <Text fw={700} size="lg">
                  {data.amount === null ? '' : money(data.amount, lang)}
                </Text>
              </Group>
              <RunProgress of={data.progress} />
              {data.note && <Text size="sm">{data.note}</Text>}
            </Paper>
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <section>
                <Title order={2} mb="xs">
                  {t('run.bills')}
                </Title>
                <Grid
                  label={t('run.bills')}
                  minWidth={300}
                  rows={Object.entries(data.bills)}
                  id={([state]) => state}
                  columns={[
                    {
                      head: t('column.state'),
                      cell: ([state]) => (
                        <Link to="/settlement" search={{ tab: 'bills', run: id, state }}>
                          <SettlementState of={state} />
                        </Link>
                      ),
                    },
                    { head: t('tab.bills'), end: true, cell: ([, { count }]) => count },
                    { head: t('column.amount'), end: true, cell: ([, { amount }]) => money(amount, lang) },
                  ]}
                />
              </section>
              <Skips run={id} />
            </SimpleGrid>
            {data.replaces && <Differences run={id} />}
          </Stack>
        </>
      )}
    </Loaded>
  )
}

/** Pause, go on, stop: what the run is asked to do. It looks between two pages. */
function Asking({ run }: { run: Run }) {
  const { t } = useTranslation('settlement')
  const client = useQueryClient()
  const ask = useMutation({
    mutationFn: (wanted: Run['wanted']) => post(`/settlement-runs/${run.id}/requests`, { wanted }),
    onSuccess: () => tell(t('run.asked')),
    onError: tellProblem,
    onSettled: () => client.invalidateQueries({ queryKey: ['run', run.id] }),
  })
  if (!busy(run.state)) return null
  return (
    <>
      {run.wanted === 'pause' ? (
        <Button size="xs" onClick={() => ask.mutate('run')} loading={ask.isPending}>
          {t('run.go')}
        </Button>
      ) : (
        <Button size="xs" variant="light" onClick={() => ask.mutate('pause')} loading={ask.isPending}>
          {t('run.pause')}
        </Button>
      )}
      <Button size="xs" variant="light" color="red" onClick={() => ask.mutate('stop')} loading={ask.isPending}>
        {t('run.stop')}
      </Button>
    </>
  )
}

function Skips({ run }: { run: string }) {
  const { t } = useTranslation('settlement')
  const { say } = useTitles()
  const pages = useInfiniteQuery(skipsQuery(run))
  return (
    <section>
      <Title order={2} mb="xs">
        {t('run.skipped')}
      </Title>
      <Loaded of={pages} rows={2}>
        {({ pages: all }) => (
          <Grid
            label={t('run.skipped')}
            minWidth={380}
            rows={all.flatMap(({ items }) => items)}
            id={({ agent, businessType }) => `${agent} ${businessType}`}
            more={moreOf(pages)}
            empty={{ title: t('run.none'), hint: '' }}
            columns={[
              { head: t('column.agent'), cell: (skip) => say(skip.name) || skip.agent },
              { head: t('column.type'), cell: ({ businessType }) => businessType ?? '' },
              { head: t('column.why'), cell: ({ reason }) => reason },
              { head: t('column.users'), end: true, cell: ({ users }) => users },
            ]}
          />
        )}
      </Loaded>
    </section>
  )
}
