import { Button, Table } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rows } from '../board/use-rows.ts'
import type { TaskItem } from '../http/types.ts'
import { type Shortcut, useShortcuts } from '../keys/registry.ts'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { focusRow } from './rows.ts'

interface Props {
  of: Parameters<typeof Loaded>[0]['of'] & { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  items: readonly TaskItem[]
  /** Of the scrolled area. */
  label: string
  width: number
  heads: readonly string[]
  nothing: { title: string; hint: string }
  row: (item: TaskItem, at: number) => ReactNode
}

/** Tasks with what can be done about each, page after page; the last column is for the buttons. */
export function TaskTable({ of, items, label, width, heads, nothing, row }: Props) {
  const { t } = useTranslation()
  return (
    <Loaded of={of} rows={4}>
      {() =>
        items.length === 0 ? (
          <Empty {...nothing} />
        ) : (
          <>
            <Table.ScrollContainer minWidth={width} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label } }}>
              <Table verticalSpacing={6} highlightOnHover withTableBorder bg="var(--mantine-color-body)">
                <Table.Thead>
                  <Table.Tr>
                    {heads.map((head) => (
                      <Table.Th key={head}>{head}</Table.Th>
                    ))}
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>{items.map(row)}</Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            {of.hasNextPage && (
              <Button variant="subtle" mt="xs" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
                {t('more')}
              </Button>
            )}
          </>
        )
      }
    </Loaded>
  )
}

/** Keys of such a list: up and down, open the order, and what the list itself can do with the row that has the keyboard. */
export function useTaskKeys(
  rows: Rows,
  count: number,
  own: readonly { id: string; keys: string; label: string; act: (item: TaskItem) => void }[],
) {
  const { t } = useTranslation('supervise')
  const navigate = useNavigate()
  const group = t('key.group')
  const { focused } = rows
  const open = (item: TaskItem) => void navigate({ to: '/orders/$order', params: { order: item.order } })
  const acts = [...own, { id: 'sup-open', keys: 'o', label: t('key.open'), act: open }]
  useShortcuts([
    { id: 'sup-next', keys: 'j', label: t('key.next'), group, run: () => focusRow(rows, count, 1) },
    { id: 'sup-previous', keys: 'k', label: t('key.previous'), group, run: () => focusRow(rows, count, -1) },
    ...acts.map(({ act, ...key }): Shortcut => ({ ...key, group, run: () => focused && act(focused) })),
  ])
}
