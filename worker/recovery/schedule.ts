/** The system's own schedule: record and engine are compared every few minutes. Made by whichever worker finds it missing. */
import { type Client, ScheduleAlreadyRunning } from '@temporalio/client'
import type { Logger } from 'pino'

export const RECONCILIATION = 'paidan-reconciliation'
const EVERY = '5m'
/** After the engine's data were lost the schedule is away too. */
const LOOK_MS = 60_000

export async function keepSchedule(client: Client, taskQueue: string): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: scheduleId(taskQueue),
      spec: { intervals: [{ every: EVERY }] },
      action: { type: 'startWorkflow', workflowType: 'reconciliation', args: [], taskQueue, workflowId: `${scheduleId(taskQueue)}-run` },
      policies: { overlap: 'SKIP', catchupWindow: EVERY },
    })
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
  }
}

/** One for each task queue, since each is a system of its own. */
const scheduleId = (taskQueue: string): string => (taskQueue === 'paidan' ? RECONCILIATION : `${RECONCILIATION}-${taskQueue}`)

/** Looks now and then whether the schedule is there. `stop` ends that; the schedule stays. */
export function startReconciler(client: Client, taskQueue: string, logger: Logger): { stop(): void } {
  const look = () => {
    keepSchedule(client, taskQueue).catch((error: unknown) =>
      logger.warn({ err: error }, 'the schedule of the reconciler could not be kept'),
    )
  }
  look()
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
