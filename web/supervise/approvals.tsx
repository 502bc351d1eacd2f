import { useInfiniteQuery } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { rowId } from '../board/queries.ts'
import { useRows } from '../board/use-rows.ts'
import { post } from '../http/client.ts'
import type { Names, TaskItem } from '../http/types.ts'
import { ordersChanged } from '../live/follow.ts'
import { tell, tellProblem } from '../parts/tell.ts'
import { ApprovalRow } from './approval-row.tsx'
import { approvalsQuery, type Filters } from './queries.ts'
import { RefuseDialog } from './refuse-dialog.tsx'
import { TaskTable, useTaskKeys } from './task-table.tsx'

const OrderCommand = lazy(() => import('./order-command.tsx'))

/**
 * What waits for this supervisor's word: suspensions and more time that are asked for, and his signatures. He answers where he reads it; of a
 * task that asks for both the suspension first, then the time.
 */
export function Approvals({ filters }: { filters: Filters }) {
  const { t } = useTranslation('supervise')
  const pages = useInfiniteQuery(approvalsQuery(filters))
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const names = Object.assign({}, ...(pages.data?.pages ?? []).map((page) => page.names)) as Names
  const rows = useRows(items)
  const [signing, setSigning] = useState<TaskItem>()
  const [refusing, setRefusing] = useState<TaskItem>()
  const signed = useCallback(() => setSigning(undefined), [])

  const give = async (item: TaskItem, body: object, said: string): Promise<boolean> => {
    try {
      await post(`/orders/${item.order}/commands`, { task: item.task, ...body })
      tell(said)
      return true
    } catch (error) {
      tellProblem(error)
      return false
    } finally {
      await ordersChanged(item.order)
    }
  }
  const approve = (item: TaskItem) => {
    const { pauseAsked, extensionAsked } = item
    if (pauseAsked) {
      const { reason, party, until } = pauseAsked
      void give(item, { type: 'suspend', reason, party, ...(until && { until }) }, t('approval.approved'))
    } else if (extensionAsked) void give(item, { type: 'grant-extension' }, t('approval.given'))
    else setSigning(item)
  }
  // A signature is given or withheld in one form.
  const refuse = (item: TaskItem) => (item.pauseAsked || item.extensionAsked ? setRefusing(item) : setSigning(item))
  const denied = (item: TaskItem, reason: string) =>
    item.pauseAsked
      ? give(item, { type: 'resume', ...(reason && { reason }) }, t('approval.refused'))
      : give(item, { type: 'deny-extension', reason }, t('approval.notGiven'))
  useTaskKeys(rows, items.length, [
    { id: 'sup-approve', keys: 'y', label: t('approval.approve'), act: approve },
    { id: 'sup-refuse', keys: 'n', label: t('approval.refuse'), act: refuse },
  ])

  return (
    <>
      <TaskTable
        of={pages}
        items={items}
        label={t('lane.approvals')}
        width={760}
        heads={(['asked', 'task', 'order', 'due'] as const).map((column) => t(`column.${column}`))}
        nothing={{ title: t('approval.none'), hint: t('approval.noneHint') }}
        row={(item, at) => (
          <ApprovalRow
            key={rowId(item)}
            item={item}
            names={names}
            here={at === rows.index}
            focus={() => rows.focus(at)}
            approve={() => approve(item)}
            refuse={() => refuse(item)}
          />
        )}
      />
      {signing && (
        <Suspense fallback={null}>
          <OrderCommand order={signing.order} asked={{ command: 'sign', task: signing.task }} close={signed} />
        </Suspense>
      )}
      {refusing && <RefuseDialog item={refusing} close={() => setRefusing(undefined)} refuse={(reason) => denied(refusing, reason)} />}
    </>
  )
}
