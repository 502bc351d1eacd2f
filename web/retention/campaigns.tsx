import { Button, Group } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { Grid } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { Budget } from './budget.tsx'
import { CampaignEditor } from './campaign-editor.tsx'
import { campaignsQuery } from './queries.ts'
import { RetentionState } from './state.tsx'

export function Campaigns() {
  const { t } = useTranslation('retention')
  const { say } = useTitles()
  const may = useMe().may.change.includes('Retention')
  const campaigns = useQuery(campaignsQuery)
  const [making, setMaking] = useState(false)
  return (
    <>
      {may && (
        <Group justify="end" mb="xs">
          <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
            {t('form.new')}
          </Button>
        </Group>
      )}
      {making && <CampaignEditor close={() => setMaking(false)} />}
      <Loaded of={campaigns}>
        {({ items }) => (
          <Grid
            label={t('tab.campaigns')}
            rows={items}
            id={({ id }) => id}
            empty={{ title: t('none.campaigns.title'), hint: t('none.campaigns.hint') }}
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
    </>
  )
}
