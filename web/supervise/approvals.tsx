import { Button, Table } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { rowId } from '../board/queries.ts'
import { useRows } from '../board/use-rows.ts'
import { post } from '../http/client.ts'
import type { Names, TaskItem } from '../http/types.ts'
import { useShortcuts } from '../keys/registry.ts'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { ApprovalRow } from './approval-row.tsx'
import { approvalsQuery, type Filters } from './queries.ts'
import { RefuseDialog } from './refuse-dialog.tsx'
import { focusRow } from './rows.ts'

const OrderCommand = lazy(() => import('./order-command.tsx'))

/** What waits for this supervisor's word: suspensions that are asked for, and his signatures. He answers where he reads it. */
export function Approvals({ filters }: { filters: Filters }) {
  const { t } = useTranslation(['supervise', 'common'])
  const client = useQueryClient()
  const navigate = useNavigate()
  const pages = useInfiniteQuery(approvalsQuery(filters))
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const names = Object.assign({}, ...(pages.data?.pages ?? []).map((page) => page.names)) as Names
  const rows = useRows(items)
  const [signing, setSigning] = useState<TaskItem>()
  const [refusing, setRefusing] = useState<TaskItem>()
  const signed = useCallback(() => setSigning(undefined), [])
  const { focused } = rows

  const give = async (item: TaskItem, body: object, said: string): Promise<boolean> => {
    try {
      await post(`/orders/${item.order}/commands`, { task: item.task, ...body })
      tell(said)
      return true
    } catch (error) {
      tellProblem(error)
      return false
    } finally {
      await client.invalidateQueries({ queryKey: ['tasks'] })
    }
  }
  const approve = (item: TaskItem) => {
    if (!item.pauseAsked) return setSigning(item)
    const { reason, party, until } = item.pauseAsked
    void give(item, { type: 'suspend', reason, party, ...(until && { until }) }, t('approval.approved'))
  }
  // A signature is given or withheld in one form.
  const refuse = (item: TaskItem) => (item.pauseAsked ? setRefusing(item) : setSigning(item))
  const group = t('key.group')
  const on = (act: (item: TaskItem) => void) => () => focused && act(focused)
  useShortcuts([
    { id: 'sup-next', keys: 'j', label: t('key.next'), group, run: () => focusRow(rows, items.length, 1) },
    { id: 'sup-previous', keys: 'k', label: t('key.previous'), group, run: () => focusRow(rows, items.length, -1) },
    { id: 'sup-approve', keys: 'y', label: t('approval.approve'), group, run: on(approve) },
    { id: 'sup-refuse', keys: 'n', label: t('approval.refuse'), group, run: on(refuse) },
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
            <Empty title={t('approval.none')} hint={t('approval.noneHint')} />
          ) : (
            <>
              <Table.ScrollContainer minWidth={760} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('lane.approvals') } }}>
                <Table verticalSpacing={6} highlightOnHover withTableBorder bg="var(--mantine-color-body)">
                  <Table.Thead>
                    <Table.Tr>
                      {(['asked', 'task', 'order', 'due'] as const).map((column) => (
                        <Table.Th key={column}>{t(`column.${column}`)}</Table.Th>
                      ))}
                      <Table.Th />
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {items.map((item, at) => (
                      <ApprovalRow
                        key={rowId(item)}
                        item={item}
                        names={names}
                        here={at === rows.index}
                        focus={() => rows.focus(at)}
                        approve={() => approve(item)}
                        refuse={() => refuse(item)}
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
      {signing && (
        <Suspense fallback={null}>
          <OrderCommand order={signing.order} asked={{ command: 'sign', task: signing.task }} close={signed} />
        </Suspense>
      )}
      {refusing && (
        <RefuseDialog
          item={refusing}
          close={() => setRefusing(undefined)}
          refuse={(reason) => give(refusing, { type: 'resume', ...(reason && { reason }) }, t('approval.refused'))}
        />
      )}
    </>
  )
}
