import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { inGroup, useMe } from '../app/session.ts'
import type { Me } from '../http/types.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { AdminLog } from './admin-log.tsx'
import { Calendars } from './calendars/calendars.tsx'
import { PeopleList } from './people/people-list.tsx'
import { Policies } from './policies.tsx'
import { Schedules } from './schedules.tsx'
import { Units } from './units/units.tsx'

const tabs = ['policies', 'people', 'units', 'calendars', 'schedules', 'log'] as const
type TabName = (typeof tabs)[number]

/** What the API would refuse is not offered. */
const mine: Partial<Record<TabName, (me: Me) => boolean>> = {
  people: ({ may }) => may.change.includes('Staff'),
  units: ({ may }) => may.change.includes('OrgUnit'),
  log: (me) => inGroup(me, 'auditor'),
}

/** What is data and not code: limits and rules, people, units, calendars, what time starts, and who changed what. */
export function AdminPage() {
  const { t } = useTranslation('admin')
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/admin' })
  const shown = tabs.filter((name) => mine[name]?.(me) ?? true)
  const tab = shown.find((name) => name === search.tab) ?? 'policies'
  return (
    <>
      <PageTitle title={t('title')} />
      <Tabs value={tab} onChange={(next) => void navigate({ to: '/admin', search: { tab: next ?? undefined } })} keepMounted={false}>
        <Tabs.List mb="sm" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {shown.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          {tab === 'policies' && <Policies />}
          {tab === 'people' && <PeopleList />}
          {tab === 'units' && <Units />}
          {tab === 'calendars' && <Calendars />}
          {tab === 'schedules' && <Schedules />}
          {tab === 'log' && <AdminLog />}
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
