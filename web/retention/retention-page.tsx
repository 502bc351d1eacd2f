import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'
import { MyTasks } from '../work/my-tasks.tsx'
import { Campaigns } from './campaigns.tsx'
import { Cases } from './cases.tsx'
import { Detections } from './detections.tsx'
import { Models } from './models.tsx'

const tabs = ['campaigns', 'detections', 'cases', 'models'] as const

/** Customers about to leave: who was found, who is asked, what it costs and what it brings. */
export function RetentionPage() {
  const { t } = useTranslation('retention')
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/retention' })
  const tab = tabs.find((name) => name === search.tab) ?? 'campaigns'
  return (
    <>
      <PageTitle title={t('title')} />
      <MyTasks title={t('asked')} processes={['retention', 'customer-maintenance', 'abnormal-customer-tracking']} />
      <Tabs value={tab} onChange={(next) => void navigate({ to: '/retention', search: { tab: next ?? undefined } })} keepMounted={false}>
        <Tabs.List mb="sm">
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          {tab === 'campaigns' && <Campaigns />}
          {tab === 'detections' && <Detections />}
          {tab === 'cases' && <Cases />}
          {tab === 'models' && <Models />}
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
