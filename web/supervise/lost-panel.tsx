import { Progress, Table, Text, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { duration } from '../parts/time.ts'
import { useLang } from '../texts/use-lang.ts'
import { Panel } from './panel.tsx'
import { type Scope, type TimeLost, timeLostQuery } from './queries.ts'

const parties = ['own', 'customer', 'vendor', 'third-party'] as const
const colours = {
  own: 'red.8',
  customer: 'blue.7',
  vendor: 'grape.7',
  'third-party': 'gray.6',
} as const satisfies Record<(typeof parties)[number], string>

/** For how long orders stood still, and on whose account: in all, and the orders that lost the most. */
export function LostPanel({ scope }: { scope: Scope }) {
  const { t } = useTranslation('supervise')
  const lang = useLang()
  const report = useQuery(timeLostQuery(scope))
  return (
    <Panel title={t('lost')} hint={t('lostText')}>
      <Loaded of={report} rows={3}>
        {({ totals, items }) =>
          totals.orders === 0 ? (
            <Empty />
          ) : (
            <>
              <Share lost={totals.lost} all={totals.all} />
              <Table verticalSpacing={3} mt="xs">
                <Table.Tbody>
                  {parties.map((party) => (
                    <Table.Tr key={party}>
                      <Table.Td>{t(`party.${party}`)}</Table.Td>
                      <Table.Td ta="end">{duration(totals.lost[party], lang)}</Table.Td>
                    </Table.Tr>
                  ))}
                  <Table.Tr>
                    <Table.Td>{t('overrun')}</Table.Td>
                    <Table.Td ta="end">{duration(totals.overrun, lang)}</Table.Td>
                  </Table.Tr>
                </Table.Tbody>
              </Table>
              <Table verticalSpacing={4} mt="xs">
                <Table.Tbody>
                  {items.map(({ order, no, title, lost, all }) => (
                    <Table.Tr key={order}>
                      <Table.Td maw={130} style={{ overflow: 'hidden' }}>
                        <Link to="/orders/$order" params={{ order }}>
                          {no ?? order}
                        </Link>
                        <Text size="xs" c="dimmed" truncate>
                          {title}
                        </Text>
                      </Table.Td>
                      <Table.Td w="40%">
                        <Share lost={lost} all={all} />
                      </Table.Td>
                      <Table.Td ta="end">{duration(all, lang)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}

function Share({ lost, all }: { lost: TimeLost['totals']['lost']; all: number }) {
  const { t } = useTranslation('supervise')
  const lang = useLang()
  return (
    <Progress.Root size={14}>
      {parties
        .filter((party) => lost[party] > 0)
        .map((party) => {
          const label = `${t(`party.${party}`)} ${duration(lost[party], lang)}`
          return (
            <Tooltip key={party} label={label}>
              <Progress.Section value={(lost[party] / all) * 100} color={colours[party]} aria-label={label} />
            </Tooltip>
          )
        })}
    </Progress.Root>
  )
}
