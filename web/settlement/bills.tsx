import { Badge, Group, Select } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Grid, moreOf } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { money } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { billsQuery } from './queries.ts'
import { SettlementState } from './state.tsx'

const states = ['open', 'computed', 'settled', 'paid', 'proposed', 'void'] as const

export function Bills({ filters }: { filters: { state?: string; agent?: string; run?: string } }) {
  const { t } = useTranslation('settlement')
  const { say } = useTitles()
  const lang = useLang()
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/settlement' })
  const pages = useInfiniteQuery(billsQuery(filters))
  return (
    <>
      <Group mb="xs">
        <Select
          size="xs"
          w={150}
          clearable
          aria-label={t('column.state')}
          placeholder={t('anyState')}
          data={states.map((value) => ({ value, label: t(`state.${value}`) }))}
          value={filters.state ?? null}
          onChange={(state) =>
            void navigate({ to: '/settlement', search: { ...search, tab: 'bills', state: state ?? undefined }, replace: true })
          }
        />
      </Group>
      <Loaded of={pages}>
        {({ pages: all }) => (
          <Grid
            label={t('tab.bills')}
            rows={all.flatMap(({ items }) => items)}
            id={({ id }) => id}
            more={moreOf(pages)}
            minWidth={760}
            empty={{ title: t('none.bills.title'), hint: t('none.bills.hint') }}
            columns={[
              {
                head: t('column.agent'),
                cell: (bill) => (
                  <Link to="/settlement/bills/$bill" params={{ bill: bill.id }}>
                    {say(bill.agentName)}
                  </Link>
                ),
              },
              { head: t('column.period'), cell: ({ period }) => period },
              {
                head: t('column.kind'),
                cell: ({ kind, special }) => (
                  <Group gap={4}>
                    {t(`kind.${kind}`)}
                    {special && <Badge color="grape">{t('bill.special')}</Badge>}
                  </Group>
                ),
              },
              { head: t('column.version'), end: true, cell: ({ version }) => version },
              { head: t('column.state'), cell: ({ state }) => <SettlementState of={state} /> },
              { head: t('column.users'), end: true, cell: ({ users }) => users.toLocaleString() },
              { head: t('column.amount'), end: true, cell: ({ amount, adjusted }) => money(amount + adjusted, lang) },
            ]}
          />
        )}
      </Loaded>
    </>
  )
}
