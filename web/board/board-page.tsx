import { Box, Button, Group, Select } from '@mantine/core'
import { IconCalendarUser } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import { processesQuery } from '../http/queries.ts'
import { useShortcuts } from '../keys/registry.ts'
import { ordersChanged } from '../live/follow.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'
import { ViewMenu } from '../views/view-menu.tsx'
import { BoardTable } from './board-table.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { type BulkKind, BulkDialog } from './bulk-dialog.tsx'
import { CandidatePanel } from './candidate-panel.tsx'
import classes from './board.module.css'
import { LaneTabs } from './lane-tabs.tsx'
import { candidatesQuery, type Lane, laneQuery, lanes } from './queries.ts'
import { useRows } from './use-rows.ts'

const none: never[] = []

/** The queues of a desk: what waits for somebody, and who could be that. */
export function BoardPage() {
  const { t } = useTranslation('board')
  const { say } = useTitles()
  const client = useQueryClient()
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/board' })
  const lane = lanes.find((name) => name === search.lane) ?? 'undispatched'
  const filters = { lane, process: search.process, unit: search.unit, region: search.region }
  const pages = useInfiniteQuery(laneQuery(filters))
  const items = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? none, [pages.data])
  const names = useMemo(
    () => Object.assign({}, ...(pages.data?.pages ?? []).map((page) => page.names)) as NonNullable<typeof pages.data>['pages'][0]['names'],
    [pages.data],
  )
  const processes = useQuery(processesQuery)
  const rows = useRows(items)
  const [dialog, setDialog] = useState<BulkKind>()
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '/board', search: { ...search, ...change }, replace: true })

  const dispatchFirst = async () => {
    const item = rows.focused
    if (!item) return
    try {
      const { items: people, names: known } = await client.fetchQuery(candidatesQuery(item))
      const first = people.find(({ not }) => !not)
      if (!first) return tell(t('candidates.none'))
      await post(`/orders/${item.order}/commands`, { type: 'dispatch', task: item.task, person: first.person })
      tell(t('candidates.first', { name: say(known[first.person]) }))
      await ordersChanged(item.order)
    } catch (error) {
      tellProblem(error)
    }
  }
  const open = () => rows.focused && void navigate({ to: '/orders/$order', params: { order: rows.focused.order } })
  const group = t('key.group')
  useShortcuts([
    { id: 'board-next', keys: 'j', label: t('key.next'), group, run: () => rows.move(1) },
    { id: 'board-previous', keys: 'k', label: t('key.previous'), group, run: () => rows.move(-1) },
    { id: 'board-open', keys: 'o', label: t('key.open'), group, run: open },
    { id: 'board-select', keys: 'x', label: t('key.select'), group, run: () => rows.focused && rows.toggle(rows.focused) },
    { id: 'board-first', keys: 'f', label: t('key.first'), group, run: () => void dispatchFirst() },
    { id: 'board-dispatch', keys: 'd', label: t('key.dispatch'), group, run: () => setDialog('dispatch') },
    { id: 'board-reassign', keys: 'r', label: t('key.reassign'), group, run: () => setDialog('reassign') },
    { id: 'board-urge', keys: 'u', label: t('key.urge'), group, run: () => setDialog('urge') },
    ...lanes.map((name, i) => ({
      id: `board-lane-${name}`,
      keys: String(i + 1),
      label: t(`lane.${name}`),
      group,
      run: () => set({ lane: name }),
    })),
  ])
  const targets = rows.selected.length > 0 ? rows.selected : rows.focused ? [rows.focused] : []

  return (
    <>
      <PageTitle title={t('title')} tab={t('title')}>
        <ViewMenu page="board" search={search} />
        <Button component={Link} to="/people" variant="default" size="xs" leftSection={<IconCalendarUser size={15} />}>
          {t('people.link')}
        </Button>
      </PageTitle>
      <Group justify="space-between" mb="xs" gap="xs">
        <LaneTabs lane={lane} counts={pages.data?.pages[0]?.counts} choose={(next: Lane) => set({ lane: next })} />
        <Select
          size="xs"
          w={220}
          aria-label={t('process')}
          placeholder={t('anyProcess')}
          clearable
          searchable
          data={(processes.data?.items ?? []).map(({ id, no, title }) => ({ value: id, label: `${no} ${say(title)}` }))}
          value={search.process ?? null}
          onChange={(process) => set({ process: process ?? undefined })}
        />
      </Group>
      <BulkBar rows={rows} act={setDialog} />
      <Loaded of={pages} rows={10}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('empty')} hint={t('emptyHint')} />
          ) : (
            <div className={classes.split}>
              <BoardTable
                items={items}
                names={names}
                rows={rows}
                open={open}
                more={pages.hasNextPage && !pages.isFetching ? () => void pages.fetchNextPage() : undefined}
              />
              <Box component="aside" className={classes.side} aria-label={t('candidates.title')}>
                <CandidatePanel item={rows.focused} />
              </Box>
            </div>
          )
        }
      </Loaded>
      {dialog && <BulkDialog kind={dialog} items={targets} close={() => setDialog(undefined)} done={rows.clear} />}
    </>
  )
}
