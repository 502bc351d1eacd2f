import { Button, Table } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { BulkDialog, type BulkKind } from '../board/bulk-dialog.tsx'
import { laneQuery, rowId } from '../board/queries.ts'
import { useRows } from '../board/use-rows.ts'
import { post } from '../http/client.ts'
import type { Names, TaskItem } from '../http/types.ts'
import { useShortcuts } from '../keys/registry.ts'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { AttentionRow } from './attention-row.tsx'
import type { Filters } from './queries.ts'
import { focusRow } from './rows.ts'

const OrderCommand = lazy(() => import('./order-command.tsx'))

interface Props {
  lane: 'overdue' | 'risk'
  filters: Filters
}

/** Tasks that are overdue or soon will be, the most pressing first, each with what a supervisor does about it. */
export function Attention({ lane, filters }: Props) {
  const { t } = useTranslation(['supervise', 'common'])
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const pages = useInfiniteQuery(laneQuery({ lane, ...filters }))
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const names = Object.assign({}, ...(pages.data?.pages ?? []).map((page) => page.names)) as Names
  const rows = useRows(items)
  const [dialog, setDialog] = useState<{ kind: BulkKind; item: TaskItem }>()
  const [extending, setExtending] = useState<TaskItem>()
  const extended = useCallback(() => setExtending(undefined), [])
  const { focused } = rows

  const give = async (item: TaskItem, body: object, said: string) => {
    try {
      await post(`/orders/${item.order}/commands`, { task: item.task, ...body })
      tell(said)
      await client.invalidateQueries({ queryKey: ['tasks'] })
    } catch (error) {
      tellProblem(error)
    }
  }
  const urge = (item: TaskItem) => void give(item, { type: 'urge' }, t('act.urged'))
  const take = (item: TaskItem) =>
    void give(
      item,
      { type: item.status === 'undispatched' ? 'dispatch' : 'reassign', person: me.id, reason: t('act.takeOver') },
      t('act.taken'),
    )
  const group = t('key.group')
  const on = (act: (item: TaskItem) => void) => () => focused && act(focused)
  useShortcuts([
    { id: 'sup-next', keys: 'j', label: t('key.next'), group, run: () => focusRow(rows, items.length, 1) },
    { id: 'sup-previous', keys: 'k', label: t('key.previous'), group, run: () => focusRow(rows, items.length, -1) },
    { id: 'sup-urge', keys: 'u', label: t('key.urge'), group, run: on(urge) },
    { id: 'sup-reassign', keys: 'r', label: t('key.reassign'), group, run: on((item) => setDialog({ kind: 'reassign', item })) },
    { id: 'sup-extend', keys: 'x', label: t('key.extend'), group, run: on(setExtending) },
    { id: 'sup-take', keys: 't', label: t('key.take'), group, run: on(take) },
    {
      id: 'sup-open',
      keys: 'o',
      label: t('key.open'),
      group,
      run: on((item) => void navigate({ to: '/orders/$order', params: { order: item.order } })),
    },
  ])

  return (
    <>
      <Loaded of={pages} rows={4}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('empty')} hint={t('emptyHint')} />
          ) : (
            <>
              <Table.ScrollContainer minWidth={860} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t(`lane.${lane}`) } }}>
                <Table verticalSpacing={6} highlightOnHover withTableBorder bg="var(--mantine-color-body)">
                  <Table.Thead>
                    <Table.Tr>
                      {(['due', 'rung', 'task', 'order', 'holder'] as const).map((column) => (
                        <Table.Th key={column}>{t(`column.${column}`)}</Table.Th>
                      ))}
                      <Table.Th />
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {items.map((item, at) => (
                      <AttentionRow
                        key={rowId(item)}
                        item={item}
                        names={names}
                        here={at === rows.index}
                        focus={() => rows.focus(at)}
                        urge={() => urge(item)}
                        reassign={() => setDialog({ kind: 'reassign', item })}
                        extend={() => setExtending(item)}
                        take={() => take(item)}
                      />
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
        }
      </Loaded>
      {dialog && (
        <BulkDialog
          kind={dialog.item.status === 'undispatched' ? 'dispatch' : dialog.kind}
          items={[dialog.item]}
          close={() => setDialog(undefined)}
          done={() => {}}
        />
      )}
      {extending && (
        <Suspense fallback={null}>
          <OrderCommand order={extending.order} asked={{ command: 'extend' }} close={extended} />
        </Suspense>
      )}
    </>
  )
}
