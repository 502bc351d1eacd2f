/** What a schedule starts: it opens the order of the run and waits for its end, so that the overlap policy means the order. */
import { ParentClosePolicy, WorkflowIdReusePolicy, proxyActivities, startChild, workflowInfo } from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import type { Activities } from '../../activities/types.ts'
import { workflowType } from '../../domain/order/names.ts'

const { openScheduled } = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '60s' },
})

export async function scheduled(schedule: string): Promise<string> {
  const opening = await openScheduled({ schedule, at: nominal() })
  if (!opening) return 'gone'
  try {
    const order = await startChild(workflowType(opening.opened.process), {
      workflowId: opening.id,
      args: [opening],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    })
    return (await order.result()) as string
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'opened before'
    throw error
  }
}

/** The instant that the schedule means, however late the engine came to it. */
function nominal(): number {
  // The engine sets it for what a schedule starts, and names no typed key for it.

  const [at] = (workflowInfo().searchAttributes.TemporalScheduledStartTime ?? []) as (Date | string)[]
  return at === undefined ? workflowInfo().startTime.getTime() : new Date(at).getTime()
}
