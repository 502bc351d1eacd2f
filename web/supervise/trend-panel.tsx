import { Select, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Bars } from '../parts/bars.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { Panel } from './panel.tsx'
import { type BreachKind, breachKinds, breachReportQuery, type Scope } from './queries.ts'

/** Breaches and warnings by day, and what they are about. */
export function TrendPanel({ scope }: { scope: Scope }) {
  const { t } = useTranslation('supervise')
  const { say } = useTitles()
  const [by, setBy] = useState<BreachKind>('step')
  const report = useQuery(breachReportQuery(scope, by))
  const sum = (field: 'breaches' | 'warnings') => report.data?.totals.reduce((all, one) => all + one[field], 0) ?? 0
  return (
    <Panel
      title={t('trend')}
      hint={report.data && t('trendText', { count: sum('breaches'), warnings: sum('warnings'), days: scope.days })}
      choice={
        <Select
          size="xs"
          w={120}
          allowDeselect={false}
          value={by}
          onChange={(next) => setBy(next ?? 'step')}
          data={breachKinds.map((value) => ({ value, label: t(`by.${value}`) }))}
          aria-label={t('trend')}
        />
      }
    >
      <Loaded of={report} rows={3}>
        {({ items, totals, labels }) => {
          const days = [...new Set(items.map(({ day }) => day))].sort()
          const of = (day: string, field: 'breaches' | 'warnings') =>
            items.filter((item) => item.day === day).reduce((all, item) => all + item[field], 0)
          return (
            <>
              <Bars
                title={t('trend')}
                bars={days.map((day) => ({ label: day.slice(5), values: [of(day, 'breaches'), of(day, 'warnings')] }))}
                series={[
                  { name: t('breaches'), colour: 'var(--mantine-color-red-7)' },
                  { name: t('warnings'), colour: 'var(--mantine-color-yellow-6)' },
                ]}
              />
              <Table.ScrollContainer minWidth={380} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('trend') } }}>
                <Table verticalSpacing={4} mt="xs">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t(`by.${by}`)}</Table.Th>
                      {(['breaches', 'warnings', 'orders', 'open'] as const).map((column) => (
                        <Table.Th key={column} ta="end" style={{ whiteSpace: 'nowrap' }}>
                          {t(column)}
                        </Table.Th>
                      ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {totals.map(({ key, breaches, warnings, orders, open }) => (
                      <Table.Tr key={key ?? ''}>
                        <Table.Td>{key === null ? t('others') : say(labels[key]) || key}</Table.Td>
                        {[breaches, warnings, orders, open].map((value, i) => (
                          <Table.Td key={i} ta="end">
                            {value}
                          </Table.Td>
                        ))}
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </>
          )
        }}
      </Loaded>
    </Panel>
  )
}
