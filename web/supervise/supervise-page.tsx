import { SegmentedControl, SimpleGrid, Stack, Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../keys/registry.ts'
import { HealthLine } from '../health/health-line.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { ViewMenu } from '../views/view-menu.tsx'
import { Approvals } from './approvals.tsx'
import { Attention } from './attention.tsx'
import { FilterBar } from './filters.tsx'
import { LoadPanel } from './load-panel.tsx'
import { LostPanel } from './lost-panel.tsx'
import { type Filters, filterNames } from './queries.ts'
import { Rungs } from './rungs.tsx'
import { TrendPanel } from './trend-panel.tsx'

const lanes = ['overdue', 'risk', 'approvals', 'rungs'] as const
type Lane = (typeof lanes)[number]
const spans = ['7', '30', '90'] as const

/** What is about to breach or has, first; then where the time goes, and who has how much. */
export function SupervisePage() {
  const { t } = useTranslation('supervise')
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/supervise' })
  const lane: Lane = lanes.find((name) => name === search.lane) ?? 'overdue'
  const days = spans.find((name) => name === search.days) ?? '30'
  const filters: Filters = Object.fromEntries(filterNames.flatMap((name) => (search[name] ? [[name, search[name]]] : [])))
  const scope = { filters, days: Number(days) }
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '/supervise', search: { ...search, ...change }, replace: true })
  useShortcuts(
    lanes.map((name, i) => ({
      id: `sup-lane-${name}`,
      keys: String(i + 1),
      label: t(`lane.${name}`),
      group: t('key.group'),
      run: () => set({ lane: name }),
    })),
  )
  return (
    <>
      <PageTitle title={t('title')}>
        <ViewMenu page="supervise" search={search} />
        <SegmentedControl
          size="xs"
          value={days}
          onChange={(next) => set({ days: next })}
          data={spans.map((value) => ({ value, label: t(`days.${value}`) }))}
          aria-label={t('trend')}
        />
      </PageTitle>
      <HealthLine />
      <FilterBar value={filters} set={set} />
      <Stack gap="md">
        <Tabs value={lane} onChange={(next) => set({ lane: next ?? undefined })} keepMounted={false}>
          <Tabs.List mb="xs" aria-label={t('attention')}>
            {lanes.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`lane.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={lane}>
            {lane === 'rungs' ? (
              <Rungs filters={filters} />
            ) : lane === 'approvals' ? (
              <Approvals filters={filters} />
            ) : (
              <Attention lane={lane} filters={filters} />
            )}
          </Tabs.Panel>
        </Tabs>
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <TrendPanel scope={scope} />
          <LostPanel scope={scope} />
        </SimpleGrid>
        <LoadPanel scope={scope} />
      </Stack>
    </>
  )
}
