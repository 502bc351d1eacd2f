import { Badge, Button, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { lateness } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { type Filters, rungsQuery } from './queries.ts'

const FULL = 100

/** Rungs of ladders that fired: when, how late the engine was with it, and whether it has been settled since. */
export function Rungs({ filters }: { filters: Filters }) {
  const { t } = useTranslation(['supervise', 'common'])
  const { name } = useTitles()
  const lang = useLang()
  const pages = useInfiniteQuery(rungsQuery(filters))
  return (
    <Loaded of={pages} rows={4}>
      {({ pages: all }) => {
        const items = all.flatMap((page) => page.items)
        const names = Object.assign({}, ...all.map((page) => page.names)) as (typeof all)[number]['names']
        if (items.length === 0) return <Empty title={t('empty')} hint={t('emptyHint')} />
        return (
          <>
            <Table.ScrollContainer minWidth={760} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('lane.rungs') } }}>
              <Table verticalSpacing={6} withTableBorder bg="var(--mantine-color-body)">
                <Table.Thead>
                  <Table.Tr>
                    {(['rung', 'order', 'holder', 'fired', 'late', 'state'] as const).map((column) => (
                      <Table.Th key={column}>{t(`column.${column}`)}</Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((rung) => (
                    <Table.Tr key={`${rung.order} ${rung.clock} ${rung.pct}`}>
                      <Table.Td>
                        <Badge color={rung.pct >= FULL ? 'red' : 'orange'}>{rung.pct}%</Badge>
                      </Table.Td>
                      <Table.Td>
                        <Link to="/orders/$order" params={{ order: rung.order }}>
                          {rung.orderNo ?? rung.order}
                        </Link>
                        <Text size="xs" c="dimmed" lineClamp={1}>
                          {rung.orderTitle}
                        </Text>
                      </Table.Td>
                      <Table.Td>{name(names, rung.holder ?? rung.unit) || t('nobody')}</Table.Td>
                      <Table.Td>
                        <When at={rung.firedAt} />
                      </Table.Td>
                      <Table.Td>{lateness(rung.lateMs, lang)}</Table.Td>
                      <Table.Td>
                        <Badge color={rung.settledAt ? 'gray' : 'red'} variant="light">
                          {rung.settledAt ? t('settled') : t('running')}
                        </Badge>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            {pages.hasNextPage && (
              <Button variant="subtle" mt="xs" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t('common:more')}
              </Button>
            )}
          </>
        )
      }}
    </Loaded>
  )
}
