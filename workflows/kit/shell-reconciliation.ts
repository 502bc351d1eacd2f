/** What the system's own schedule starts: one comparison of record and engine. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { Activities, Reconciled } from '../../activities/types.ts'

// Tried again by the next run of the schedule rather than for ever.
const { reconcile } = proxyActivities<Activities>({
  startToCloseTimeout: '30m',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', maximumInterval: '30s', maximumAttempts: 5 },
})

export const reconciliation = (): Promise<Reconciled> => reconcile({ at: workflowInfo().startTime.getTime() })
