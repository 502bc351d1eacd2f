import { Button, Group } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { API, withQuery } from '../http/client.ts'
import { Grid, moreOf } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { money } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { casesQuery } from './queries.ts'

/** Retention cases, of one campaign or of all; also as a file. */
export function Cases({ campaign }: { campaign?: string }) {
  const { t } = useTranslation('retention')
  const { say } = useTitles()
  const lang = useLang()
  const pages = useInfiniteQuery(casesQuery({ campaign }))
  return (
    <>
      <Group gap="xs" mb="xs" justify="end">
        {(['csv', 'xlsx'] as const).map((format) => (
          <Button
            key={format}
            component="a"
            href={`${API}${withQuery('/exports/retention-cases', { campaign, format })}`}
            download
            size="compact-sm"
            variant="default"
          >
            {format === 'csv' ? t('export') : t('xlsx')}
          </Button>
        ))}
      </Group>
      <Loaded of={pages}>
        {({ pages: all }) => (
          <Grid
            label={t('tab.cases')}
            rows={all.flatMap(({ items }) => items)}
            id={({ order }) => order}
            more={moreOf(pages)}
            empty={{ title: t('none.cases.title'), hint: t('none.cases.hint') }}
            columns={[
              {
                head: t('column.order'),
                cell: ({ order, no }) => (
                  <Link to="/orders/$order" params={{ order }}>
                    {no ?? order}
                  </Link>
                ),
              },
              { head: t('column.customer'), cell: ({ customer }) => say(customer.name) },
              { head: t('column.at'), cell: ({ openedAt }) => <When at={openedAt} absolute /> },
              { head: t('column.closed'), cell: ({ closedAt }) => <When at={closedAt} absolute /> },
              { head: t('column.end'), cell: ({ end }) => end ?? '' },
              { head: t('column.cost'), end: true, cell: ({ cost }) => (cost === null ? '' : money(cost, lang)) },
            ]}
          />
        )}
      </Loaded>
    </>
  )
}
