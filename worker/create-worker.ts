/** One worker: the processes of the bundle and the hands of the record, on one task queue. */
import { type NativeConnection, Worker } from '@temporalio/worker'
import type { Activities } from '../activities/types.ts'

export interface WorkerParts {
  connection: NativeConnection
  namespace: string
  taskQueue: string
  bundle: { code: string } | { codePath: string }
  activities: Activities
  /** Orders kept in memory; one takes about 70 KB. */
  maxCachedWorkflows?: number
  /** At most as many as the record has connections. */
  maxActivities?: number
}

export function createWorker(parts: WorkerParts): Promise<Worker> {
  return Worker.create({
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: parts.taskQueue,
    workflowBundle: parts.bundle,
    activities: parts.activities,
    maxCachedWorkflows: parts.maxCachedWorkflows ?? 1000,
    maxConcurrentActivityTaskExecutions: parts.maxActivities ?? 16,
    // After a crash each order of the dead worker waits this long once, before another worker may have it.
    stickyQueueScheduleToStartTimeout: '3s',
    shutdownGraceTime: '10s',
    shutdownForceTime: '20s',
  })
}
