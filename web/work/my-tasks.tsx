import { Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMe } from '../app/session.ts'
import { tasksQuery } from '../http/queries.ts'
import { useJoin } from '../texts/use-lang.ts'
import { TaskCard } from './task-card.tsx'

interface Props {
  title: string
  /** Of these processes alone. */
  processes: readonly string[]
}

/** What waits for the reader in this room; nothing is shown where nothing waits. */
export function MyTasks({ title, processes }: Props) {
  const { aside } = useJoin()
  const me = useMe()
  const tasks = useQuery(tasksQuery({ lane: 'mine', limit: 100 }))
  const mine = (tasks.data?.items ?? []).filter(({ process }) => processes.includes(process))
  if (mine.length === 0) return null
  return (
    <section>
      <Title order={2} mb="xs">
        {aside(title, mine.length)}
      </Title>
      <Stack gap="xs" component="ul" m={0} mb="md" p={0} maw={860}>
        {mine.map((item) => (
          <TaskCard key={`${item.order} ${item.task} ${item.party ?? ''}`} item={item} names={tasks.data?.names ?? {}} me={me.id} />
        ))}
      </Stack>
    </section>
  )
}
