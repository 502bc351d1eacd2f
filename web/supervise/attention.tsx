import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { BulkDialog, type BulkKind } from '../board/bulk-dialog.tsx'
import { laneQuery, rowId } from '../board/queries.ts'
import { useRows } from '../board/use-rows.ts'
import { post } from '../http/client.ts'
import type { TaskItem } from '../http/types.ts'
import { useShortcuts } from '../keys/registry.ts'
import { Due } from '../parts/due.tsx'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'

interface Props {
  lane: 'overdue' | 'risk'
  region: string | undefined
}

/** Tasks that are overdue or soon will be, the most pressing first, each with what a supervisor does about it. */
export function Attention({ lane, region }: Props) {
  const { t } = useTranslation(['supervise', 'common'])
  const { say, name } = useTitles()
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const pages = useInfiniteQuery(laneQuery({ lane, region }))
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const names = Object.assign({}, ...(pages.data?.pages ?? []).map((page) => page.names)) as Record<string, { en: string; zh: string }>
  const rows = useRows(items)
  const [dialog, setDialog] = useState<{ kind: BulkKind; item: TaskItem }>()
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
  const move = (by: number) => {
    rows.move(by)
    const at = Math.min(items.length - 1, Math.max(0, rows.index + by))
    document.querySelectorAll<HTMLElement>('[data-attention] a')[at]?.focus()
  }
  useShortcuts([
    { id: 'sup-next', keys: 'j', label: t('key.next'), group, run: () => move(1) },
    { id: 'sup-previous', keys: 'k', label: t('key.previous'), group, run: () => move(-1) },
    { id: 'sup-urge', keys: 'u', label: t('key.urge'), group, run: on(urge) },
    { id: 'sup-reassign', keys: 'r', label: t('key.reassign'), group, run: on((item) => setDialog({ kind: 'reassign', item })) },
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
    <Loaded of={pages} rows={4}>
      {() =>
        items.length === 0 ? (
          <Empty title={t('empty')} hint={t('emptyHint')} />
        ) : (
          <>
            <Table.ScrollContainer minWidth={760} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t(`lane.${lane}`) } }}>
              <Table verticalSpacing={6} highlightOnHover withTableBorder bg="var(--mantine-color-body)">
                <Table.Thead>
                  <Table.Tr>
                    {(['due', 'task', 'order', 'holder'] as const).map((column) => (
                      <Table.Th key={column}>{t(`column.${column}`)}</Table.Th>
                    ))}
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((item, at) => (
                    <Table.Tr
                      key={rowId(item)}
                      data-attention
                      onFocus={() => rows.focus(at)}
                      bg={at === rows.index ? 'var(--mantine-primary-color-light)' : undefined}
                    >
                      <Table.Td>
                        <Due at={item.dueAt} since={item.acceptedAt ?? item.openedAt} paused={item.status === 'suspended'} />
                      </Table.Td>
                      <Table.Td>
                        <Text size="sm" fw={500}>
                          {say(item.title)}
                        </Text>
                        {item.refusals > 0 && <Badge color="orange">×{item.refusals}</Badge>}
                      </Table.Td>
                      <Table.Td>
                        <Link to="/orders/$order" params={{ order: item.order }}>
                          {item.orderNo ?? item.order}
                        </Link>
                        <Text size="xs" c="dimmed" lineClamp={1}>
                          {[item.orderTitle, say(item.customer?.name)].filter(Boolean).join(' · ')}
                        </Text>
                      </Table.Td>
                      <Table.Td>{name(names, item.person ?? item.unit) || t('nobody')}</Table.Td>
                      <Table.Td>
                        <Group gap={4} wrap="nowrap" justify="end">
                          <Button size="compact-xs" variant="light" onClick={() => urge(item)}>
                            {t('act.urge')}
                          </Button>
                          <Button size="compact-xs" variant="default" onClick={() => setDialog({ kind: 'reassign', item })}>
                            {t('act.reassign')}
                          </Button>
                          <Button size="compact-xs" variant="default" onClick={() => take(item)}>
                            {t('act.takeOver')}
                          </Button>
                        </Group>
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
            {dialog && (
              <BulkDialog
                kind={dialog.item.status === 'undispatched' ? 'dispatch' : dialog.kind}
                items={[dialog.item]}
                close={() => setDialog(undefined)}
                done={() => {}}
              />
            )}
          </>
        )
      }
    </Loaded>
  )
}
