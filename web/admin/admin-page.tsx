import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'
import { AdminLog } from './admin-log.tsx'
import { Policies } from './policies.tsx'
import { Schedules } from './schedules.tsx'

const tabs = ['policies', 'schedules', 'log'] as const

/** What is data and not code: limits and rules, what time starts, and who changed what. */
export function AdminPage() {
  const { t } = useTranslation('admin')
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/admin' })
  const tab = tabs.find((name) => name === search.tab) ?? 'policies'
  return (
    <>
      <PageTitle title={t('title')} />
      <Tabs value={tab} onChange={(next) => void navigate({ to: '/admin', search: { tab: next ?? undefined } })} keepMounted={false}>
        <Tabs.List mb="sm">
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          {tab === 'policies' && <Policies />}
          {tab === 'schedules' && <Schedules />}
          {tab === 'log' && <AdminLog />}
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
