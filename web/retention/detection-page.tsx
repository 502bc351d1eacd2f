import { Badge, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Grid, moreOf } from '../parts/grid.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { clockTime } from '../parts/time.ts'
import type { retention } from '../texts/en/retention.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { Counts } from './counts.tsx'
import { alarmsQuery, detectionQuery } from './queries.ts'

type Why = keyof (typeof retention)['why']
const counts = ['looked', 'alarmed', 'opened', 'heldBack'] as const

/** One detection run: how many, and of each customer which signals and points raised the alarm. */
export function DetectionPage() {
  const { t, i18n } = useTranslation('retention')
  const { say, name } = useTitles()
  const lang = useLang()
  const navigate = useNavigate()
  const { detection: id } = useParams({ from: '/inside/retention/detections/$detection' })
  const { state } = useSearch({ from: '/inside/retention/detections/$detection' })
  const run = useQuery(detectionQuery(id))
  const alarms = useInfiniteQuery(alarmsQuery(id, { state }))
  const why = (key: string) => (i18n.exists(`retention:why.${key}`) ? t(`why.${key as Why}`) : key)
  return (
    <Loaded of={run}>
      {(data) => (
        <>
          <PageTitle title={t('detection', { time: clockTime(data.at, lang) })} />
          <Stack>
            <SimpleGrid cols={{ base: 2, sm: 4 }}>
              {counts.map((count) => (
                <div key={count}>
                  <Text size="xl" fw={700}>
                    {data[count].toLocaleString()}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {t(`column.${count}`)}
                  </Text>
                </div>
              ))}
            </SimpleGrid>
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Counts title={t('byReason')} counts={data.byReason} />
              <Counts title={t('byWhy')} counts={data.byWhy} name={why} />
            </SimpleGrid>
            <section>
              <Title order={2} mb="xs">
                {t('alarms')}
              </Title>
              <SegmentedControl
                size="xs"
                mb="xs"
                aria-label={t('alarms')}
                value={state ?? ''}
                onChange={(next) =>
                  void navigate({
                    to: '/retention/detections/$detection',
                    params: { detection: id },
                    search: { state: next || undefined },
                    replace: true,
                  })
                }
                data={[
                  { value: '', label: t('allAlarms') },
                  { value: 'opened', label: t('column.opened') },
                  { value: 'held-back', label: t('column.heldBack') },
                ]}
              />
              <Loaded of={alarms}>
                {({ pages }) => {
                  const names = Object.assign({}, ...pages.map((page) => page.names)) as (typeof pages)[number]['names']
                  return (
                    <Grid
                      label={t('alarms')}
                      rows={pages.flatMap(({ items }) => items)}
                      id={({ id: alarm }) => alarm}
                      more={moreOf(alarms)}
                      minWidth={760}
                      columns={[
                        {
                          head: t('column.customer'),
                          cell: ({ customer }) => (
                            <Link to="/customers/$customer" params={{ customer: customer.id }}>
                              {say(customer.name)}
                            </Link>
                          ),
                        },
                        {
                          head: t('column.reasons'),
                          cell: ({ reasons }) =>
                            reasons.map((reason) => (
                              <Text size="xs" key={reason.key}>
                                {reason[lang]}
                                {reason.points !== undefined && ` (${reason.points > 0 ? '+' : ''}${reason.points})`}
                              </Text>
                            )),
                        },
                        { head: t('column.points'), end: true, cell: ({ points }) => points ?? '' },
                        { head: t('column.manager'), cell: ({ manager }) => name(names, manager) },
                        {
                          head: t('column.order'),
                          cell: (alarm) =>
                            alarm.order ? (
                              <Link to="/orders/$order" params={{ order: alarm.order }}>
                                {t('column.order')}
                              </Link>
                            ) : (
                              alarm.why && <Badge color="gray">{why(alarm.why)}</Badge>
                            ),
                        },
                      ]}
                    />
                  )
                }}
              </Loaded>
            </section>
          </Stack>
        </>
      )}
    </Loaded>
  )
}
