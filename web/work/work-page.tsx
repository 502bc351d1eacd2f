import { Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { tasksQuery } from '../http/queries.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { useMe } from '../app/session.ts'
import { TaskCard } from './task-card.tsx'

/** An engineer's day: what he holds, what is offered to him, by due. */
export function WorkPage() {
  const { t } = useTranslation('work')
  const me = useMe()
  const tasks = useQuery(tasksQuery({ lane: 'mine', limit: 100 }))
  return (
    <>
      <PageTitle title={t('title')} />
      <Loaded of={tasks}>
        {({ items }) => {
          const held = items.filter(({ person, status }) => person === me.id && status !== 'offered')
          const offered = items.filter((item) => !held.includes(item))
          if (items.length === 0) return <Empty title={t('empty')} hint={t('emptyHint')} />
          return (
            <Stack>
              {[
                { name: t('held'), list: held },
                { name: t('offered'), list: offered },
              ]
                .filter(({ list }) => list.length > 0)
                .map(({ name, list }) => (
                  <section key={name}>
                    <Title order={2} mb="xs">
                      {name} ({list.length})
                    </Title>
                    <Stack gap="xs">
                      {list.map((item) => (
                        <TaskCard key={`${item.order} ${item.task} ${item.party ?? ''}`} item={item} />
                      ))}
                    </Stack>
                  </section>
                ))}
            </Stack>
          )
        }}
      </Loaded>
    </>
  )
}
