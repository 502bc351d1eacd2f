/** Schedules in the engine, which keeps their clock. The record has what they are; the engine can be told anew at any time. */
import type { Client, ScheduleOverlapPolicy, ScheduleUpdateOptions } from '@temporalio/client'

export const overlaps = { skip: 'SKIP', 'buffer-one': 'BUFFER_ONE', 'allow-all': 'ALLOW_ALL' } as const satisfies Record<
  string,
  ScheduleOverlapPolicy
>
export type Overlap = keyof typeof overlaps

/** When a schedule runs. */
export interface Timing {
  id: string
  cron: string
  timeZone: string
  overlap: Overlap
  /** Hours. */
  catchUp: number
  paused: boolean
}

/** What the door asks of the engine about schedules. All of it may be repeated. */
export interface Schedules {
  /** Creates the schedule, or changes it. */
  put(timing: Timing): Promise<void>
  remove(id: string): Promise<void>
  /** Runs it now, whatever its overlap policy; once for each `key`. */
  trigger(id: string, key: string): Promise<void>
  /** Compares record and engine now; once for each `key`. */
  reconcile(key: string): Promise<void>
  /** The next instants. */
  next(id: string): Promise<Date[]>
}

const name = (id: string): string => `schedule-${id}`
const isCalled = (error: unknown, called: string): boolean => error instanceof Error && error.name === called

/** @param call runs one call with the deadline of the door, and says what went wrong in its words */
export function schedulesOf(client: Client, taskQueue: string, call: <T>(what: string, fn: () => Promise<T>) => Promise<T>): Schedules {
  const options = ({ id, cron, timeZone, overlap, catchUp, paused }: Timing) =>
    ({
      spec: { cronExpressions: [cron], timezone: timeZone },
      action: { type: 'startWorkflow', workflowType: 'scheduled', args: [id], taskQueue, workflowId: `${name(id)}-run` },
      policies: { overlap: overlaps[overlap], catchupWindow: catchUp * 3_600_000, pauseOnFailure: false },
      state: { paused },
    }) satisfies ScheduleUpdateOptions
  const gone = async (work: Promise<void>): Promise<void> => {
    await work.catch((error: unknown) => {
      if (!isCalled(error, 'ScheduleNotFoundError')) throw error
    })
  }
  const startOnce = async (type: string, workflowId: string, args: readonly unknown[]): Promise<void> => {
    try {
      await client.workflow.start(type, { workflowId, args: [...args], taskQueue, workflowIdReusePolicy: 'REJECT_DUPLICATE' })
    } catch (error) {
      if (!isCalled(error, 'WorkflowExecutionAlreadyStartedError')) throw error
    }
  }
  return {
    put: (timing) =>
      call(timing.id, async () => {
        try {
          await client.schedule.create({ scheduleId: name(timing.id), ...options(timing) })
        } catch (error) {
          if (!isCalled(error, 'ScheduleAlreadyRunning')) throw error
          await client.schedule.getHandle(name(timing.id)).update(() => options(timing))
        }
      }),
    remove: (id) => call(id, () => gone(client.schedule.getHandle(name(id)).delete())),
    trigger: (id, key) => call(id, () => startOnce('scheduled', `${name(id)}-now-${key}`, [id])),
    reconcile: (key) => call('reconciliation', () => startOnce('reconciliation', `paidan-reconciliation-now-${key}`, [])),
    next: (id) => call(id, async () => (await client.schedule.getHandle(name(id)).describe()).info.nextActionTimes),
  }
}
