/** What waits in the engine for a worker. */
import type { Client } from '@temporalio/client'

export interface QueueFigures {
  kind: 'workflow' | 'activity'
  /** Tasks that no worker has taken; those kept for a certain worker are not among them. */
  backlog: number
  ageSeconds: number
  /** Workers that have asked for tasks within the last minutes. */
  workers: number
}

const kinds = [
  ['workflow', 1],
  ['activity', 2],
] as const

const DEADLINE_MS = 2_000

/** @throws what the engine answers */
export function queuesOf(client: Client, taskQueue: string): () => Promise<QueueFigures[]> {
  const { namespace } = client.options
  const look = async ([kind, taskQueueType]: (typeof kinds)[number]): Promise<QueueFigures> => {
    const request = { namespace, taskQueue: { name: taskQueue }, taskQueueType, reportStats: true }
    const { stats, pollers } = await client.workflowService.describeTaskQueue(request)
    const age = stats?.approximateBacklogAge
    return {
      kind,
      backlog: Number(stats?.approximateBacklogCount ?? 0),
      ageSeconds: Number(age?.seconds ?? 0) + Number(age?.nanos ?? 0) / 1e9,
      workers: new Set(pollers?.map(({ identity }) => identity)).size,
    }
  }
  return () => client.connection.withDeadline(Date.now() + DEADLINE_MS, () => Promise.all(kinds.map(look)))
}
