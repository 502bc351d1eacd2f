import { Badge, Code, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Grid } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { When } from '../parts/when.tsx'
import { schedulesQuery } from './queries.ts'

/** What time starts by itself: when next, and what came of the last run. */
export function Schedules() {
  const { t } = useTranslation('admin')
  const schedules = useQuery(schedulesQuery)
  return (
    <Loaded of={schedules}>
      {({ items }) => (
        <Grid
          label={t('tab.schedules')}
          rows={items}
          id={({ id }) => id}
          empty={{ title: t('schedules.empty') }}
          columns={[
            {
              head: t('policies.name'),
              cell: ({ title, paused }) => (
                <Group gap={6}>
                  {title}
                  {paused && <Badge color="orange">{t('schedules.paused')}</Badge>}
                </Group>
              ),
            },
            { head: t('policies.process'), cell: ({ process }) => process },
            {
              head: t('schedules.cron'),
              cell: ({ cron, timeZone }) => (
                <>
                  <Code>{cron}</Code> {timeZone}
                </>
              ),
            },
            { head: t('schedules.overlap'), cell: ({ overlap }) => overlap },
            {
              head: t('schedules.last'),
              cell: ({ last }) =>
                last ? (
                  <Link to="/orders/$order" params={{ order: last.order }}>
                    <When at={last.at} absolute />
                  </Link>
                ) : (
                  t('schedules.never')
                ),
            },
            { head: t('schedules.next'), cell: ({ next }) => <When at={next?.[0]} absolute /> },
          ]}
        />
      )}
    </Loaded>
  )
}
