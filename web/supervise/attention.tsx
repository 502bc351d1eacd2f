import { useInfiniteQuery } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { BulkDialog, type BulkKind } from '../board/bulk-dialog.tsx'
import { laneQuery, rowId } from '../board/queries.ts'
import { useRows } from '../board/use-rows.ts'
import { post } from '../http/client.ts'
import type { Names, TaskItem } from '../http/types.ts'
import { ordersChanged } from '../live/follow.ts'
import { tell, tellProblem } from '../parts/tell.ts'
import { AttentionRow } from './attention-row.tsx'
import type { Filters } from './queries.ts'
import { TaskTable, useTaskKeys } from './task-table.tsx'

const OrderCommand = lazy(() => import('./order-command.tsx'))

interface Props {
  lane: 'overdue' | 'risk'
  filters: Filters
}

/** Tasks that are overdue or soon will be, the most pressing first, each with what a supervisor does about it. */
export function Attention({ lane, filters }: Props) {
  const { t } = useTranslation('supervise')
  const me = useMe()
  const pages = useInfiniteQuery(laneQuery({ lane, ...filters }))
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const names = Object.assign({}, ...(pages.data?.pages ?? []).map((page) => page.names)) as Names
  const rows = useRows(items)
  const [dialog, setDialog] = useState<{ kind: BulkKind; item: TaskItem }>()
  const [extending, setExtending] = useState<TaskItem>()
  const extended = useCallback(() => setExtending(undefined), [])

  const give = async (item: TaskItem, body: object, said: string) => {
    try {
      await post(`/orders/${item.order}/commands`, { task: item.task, ...body })
      tell(said)
      await ordersChanged(item.order)
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
  useTaskKeys(rows, items.length, [
    { id: 'sup-urge', keys: 'u', label: t('key.urge'), act: urge },
    { id: 'sup-reassign', keys: 'r', label: t('key.reassign'), act: (item) => setDialog({ kind: 'reassign', item }) },
    { id: 'sup-extend', keys: 'x', label: t('key.extend'), act: setExtending },
    { id: 'sup-take', keys: 't', label: t('key.take'), act: take },
  ])

  return (
    <>
      <TaskTable
        of={pages}
        items={items}
        label={t(`lane.${lane}`)}
        width={860}
        heads={(['due', 'rung', 'task', 'order', 'holder'] as const).map((column) => t(`column.${column}`))}
        nothing={{ title: t('empty'), hint: t('emptyHint') }}
        row={(item, at) => (
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
        )}
      />
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
