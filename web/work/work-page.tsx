import { SegmentedControl, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { tasksQuery } from '../http/queries.ts'
import type { TaskItem } from '../http/types.ts'
import { useShortcuts } from '../keys/registry.ts'
import { ordersChanged } from '../live/follow.ts'
import { giveCommand } from '../offline/outbox.ts'
import { OutboxPanel } from '../offline/outbox-panel.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { useJoin, useTitles } from '../texts/use-lang.ts'
import { TaskCard } from './task-card.tsx'

/** An engineer's day: what he holds, what is offered to him, by due; and of his unit what he could help himself to. */
export function WorkPage() {
  const { t } = useTranslation(['work', 'offline'])
  const { aside } = useJoin()
  const { say } = useTitles()
  const me = useMe()
  const navigate = useNavigate()
  const lane = useSearch({ from: '/inside/work' }).lane === 'unit' ? 'unit' : 'mine'
  const tasks = useQuery(tasksQuery({ lane, limit: 100 }))
  const items = tasks.data?.items ?? []
  const held = items.filter(({ person, status }) => person === me.id && status !== 'offered')
  const offered = items.filter((item) => !held.includes(item))
  const groups = [
    { name: t('held'), list: held },
    { name: lane === 'unit' ? t('unit') : t('offered'), list: offered },
  ].filter(({ list }) => list.length > 0)
  const all = groups.flatMap(({ list }) => list)
  const [at, setAt] = useState(0)
  const focused = all[Math.min(at, all.length - 1)]

  const accept = async (item: TaskItem) => {
    const step = say(item.title)
    try {
      const given = await giveCommand(
        { staff: me.id, order: item.order, what: `${item.orderNo ?? item.orderTitle} ${step}` },
        { type: 'accept', task: item.task },
      )
      tell(given === 'queued' ? t('offline:queued') : t('accepted', { step }))
      await ordersChanged(item.order)
    } catch (error) {
      tellProblem(error)
    }
  }
  const move = (by: number) => {
    const next = Math.min(all.length - 1, Math.max(0, at + by))
    setAt(next)
    document.querySelectorAll<HTMLElement>('[data-task-card]')[next]?.focus()
  }
  const group = t('key.group')
  useShortcuts([
    { id: 'work-next', keys: 'j', label: t('key.next'), group, run: () => move(1) },
    { id: 'work-previous', keys: 'k', label: t('key.previous'), group, run: () => move(-1) },
    { id: 'work-accept', keys: 'a', label: t('key.accept'), group, run: () => void (focused?.status === 'offered' && accept(focused)) },
    {
      id: 'work-open',
      keys: 'o',
      label: t('key.open'),
      group,
      run: () => focused && void navigate({ to: '/orders/$order', params: { order: focused.order } }),
    },
  ])

  return (
    <>
      <PageTitle title={t('title')}>
        <SegmentedControl
          size="xs"
          aria-label={t('title')}
          value={lane}
          onChange={(next) => void navigate({ to: '/work', search: { lane: next }, replace: true })}
          data={[
            { value: 'mine', label: t('lane.mine') },
            { value: 'unit', label: t('lane.unit') },
          ]}
        />
      </PageTitle>
      <OutboxPanel />
      <Loaded of={tasks}>
        {() =>
          all.length === 0 ? (
            <Empty title={t('empty')} hint={t('emptyHint')} />
          ) : (
            <Stack maw={860}>
              {groups.map(({ name, list }) => (
                <section key={name}>
                  <Title order={2} mb="xs">
                    {aside(name, list.length)}
                  </Title>
                  <Stack gap="xs" component="ul" m={0} p={0}>
                    {list.map((item) => (
                      <TaskCard
                        key={`${item.order} ${item.task} ${item.party ?? ''}`}
                        item={item}
                        names={tasks.data?.names ?? {}}
                        me={me.id}
                        accept={() => void accept(item)}
                      />
                    ))}
                  </Stack>
                </section>
              ))}
            </Stack>
          )
        }
      </Loaded>
    </>
  )
}
