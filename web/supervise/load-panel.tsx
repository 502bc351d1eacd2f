import { Select, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../parts/query-state.tsx'
import { duration } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { Panel } from './panel.tsx'
import { type LoadKind, loadKinds, loadReportQuery, type Scope } from './queries.ts'

/** Who, or which unit, has how much; and how long half of what was done took. */
export function LoadPanel({ scope }: { scope: Scope }) {
  const { t } = useTranslation('supervise')
  const { say } = useTitles()
  const lang = useLang()
  const [by, setBy] = useState<LoadKind>('unit')
  const report = useQuery(loadReportQuery(scope, by))
  const columns = ['open', 'undispatched', 'working'] as const
  return (
    <Panel
      title={t('load')}
      choice={
        <Select
          size="xs"
          w={120}
          allowDeselect={false}
          value={by}
          onChange={(next) => setBy(next ?? 'unit')}
          data={loadKinds.map((value) => ({ value, label: t(`by.${value}`) }))}
          aria-label={t('load')}
        />
      }
    >
      <Loaded of={report} rows={4}>
        {({ items, labels }) => (
          <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('load') } }}>
            <Table verticalSpacing={4} highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t(`by.${by}`)}</Table.Th>
                  {columns.map((column) => (
                    <Table.Th key={column} ta="end">
                      {t(column)}
                    </Table.Th>
                  ))}
                  <Table.Th ta="end">{t('lane.risk')}</Table.Th>
                  <Table.Th ta="end">{t('lane.overdue')}</Table.Th>
                  <Table.Th ta="end">{t('done')}</Table.Th>
                  <Table.Th ta="end">{t('median')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((row) => (
                  <Table.Tr key={row.key ?? ''}>
                    <Table.Td>{row.key === null ? t('nobody') : say(labels[row.key]) || row.key}</Table.Td>
                    {[row.open, row.undispatched, row.working, row.atRisk, row.overdue, row.done].map((value, i) => (
                      <Table.Td key={i} ta="end">
                        {value}
                      </Table.Td>
                    ))}
                    <Table.Td ta="end">{row.medianMs === null ? '' : duration(row.medianMs, lang)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Panel>
  )
}
