import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Grid } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { Budget } from './budget.tsx'
import { campaignsQuery } from './queries.ts'
import { RetentionState } from './state.tsx'

export function Campaigns() {
  const { t } = useTranslation('retention')
  const { say } = useTitles()
  const campaigns = useQuery(campaignsQuery)
  return (
    <Loaded of={campaigns}>
      {({ items }) => (
        <Grid
          label={t('tab.campaigns')}
          rows={items}
          id={({ id }) => id}
          empty={{ title: t('empty'), hint: t('emptyHint') }}
          columns={[
            {
              head: t('column.campaign'),
              cell: ({ id, name }) => (
                <Link to="/retention/campaigns/$campaign" params={{ campaign: id }}>
                  {say(name)}
                </Link>
              ),
            },
            { head: t('column.state'), cell: ({ state }) => <RetentionState of={state} /> },
            { head: t('column.period'), cell: ({ spec }) => `${spec.from} – ${spec.to}` },
            { head: t('column.budget'), cell: ({ spent, budget }) => <Budget spent={spent} budget={budget} /> },
          ]}
        />
      )}
    </Loaded>
  )
}
