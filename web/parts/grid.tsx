/** A plain table of rows, with its heads; wide ones scroll by themselves, by keyboard too. */
import { Button, Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from './query-state.tsx'

export interface Column<T> {
  head: string
  cell: (row: T) => ReactNode
  /** Numbers stand at the end. */
  end?: boolean
}

interface Props<T> {
  label: string
  rows: readonly T[]
  columns: readonly Column<T>[]
  id: (row: T) => string
  more?: { has: boolean; busy: boolean; load: () => unknown }
  minWidth?: number
  empty?: { title?: string; hint?: string }
}

export function Grid<T>({ label, rows, columns, id, more, minWidth = 640, empty }: Props<T>) {
  const { t } = useTranslation()
  if (rows.length === 0) return <Empty {...empty} />
  return (
    <>
      <Table.ScrollContainer minWidth={minWidth} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label } }}>
        <Table verticalSpacing={6} highlightOnHover withTableBorder bg="var(--mantine-color-body)">
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ head, end }) => (
                <Table.Th key={head} ta={end ? 'end' : undefined} style={{ whiteSpace: 'nowrap' }}>
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={id(row)}>
                {columns.map(({ head, cell, end }) => (
                  <Table.Td key={head} ta={end ? 'end' : undefined}>
                    {cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {more?.has && (
        <Button variant="subtle" mt="xs" loading={more.busy} onClick={() => void more.load()}>
          {t('more')}
        </Button>
      )}
    </>
  )
}

interface Pages {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

/** The next page of an infinite query. */
export const moreOf = ({ hasNextPage, isFetchingNextPage, fetchNextPage }: Pages) => ({
  has: hasNextPage,
  busy: isFetchingNextPage,
  load: fetchNextPage,
})
