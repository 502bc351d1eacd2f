import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { hasRole, useMe } from '../app/session.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { MyTasks } from '../work/my-tasks.tsx'
import { Agents } from './agents.tsx'
import { Bills } from './bills.tsx'
import { Runs } from './runs.tsx'
import { Schemes } from './schemes.tsx'

const tabs = ['runs', 'bills', 'agents', 'schemes'] as const

const processes = [
  'settlement-unified',
  'settlement-single',
  'settlement-special',
  'settlement-real-time',
  'settlement-rerun',
  'rebate-payout',
  'commission-correction',
]

/** Money runs and what came of them. An agent's people have their own bills alone. */
export function SettlementPage() {
  const { t } = useTranslation('settlement')
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/settlement' })
  const open = hasRole(me, 'agent') ? (['bills'] as const) : tabs
  const tab = open.find((name) => name === search.tab) ?? open[0]
  return (
    <>
      <PageTitle title={t('title')} />
      <MyTasks title={t('asked')} processes={processes} />
      <Tabs value={tab} onChange={(next) => void navigate({ to: '/settlement', search: { tab: next ?? undefined } })} keepMounted={false}>
        <Tabs.List mb="sm">
          {open.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          {tab === 'runs' && <Runs />}
          {tab === 'bills' && <Bills filters={{ state: search.state, agent: search.agent, run: search.run }} />}
          {tab === 'agents' && <Agents chosen={search.agent} />}
          {tab === 'schemes' && <Schemes chosen={search.scheme} />}
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
