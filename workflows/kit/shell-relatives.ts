/** How an order reaches others: those it starts, and those it tells. */
import { ParentClosePolicy, WorkflowIdReusePolicy, log, startChild } from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { workflowType } from '../../domain/order/names.ts'
import type { StartArgs } from './messages.ts'

export async function startOrder(process: string, args: Extract<StartArgs, { opened: unknown }>): Promise<void> {
  try {
    await startChild(workflowType(process), {
      workflowId: args.id,
      args: [args],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    })
  } catch (error) {
    // Started by an earlier run of this order.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/** A relative that is no longer running learns the fact from the record when it is brought back. */
export async function tell(whom: string, signal: () => Promise<void>): Promise<void> {
  try {
    await signal()
  } catch (error) {
    log.warn('not reached', { whom, error: String(error) })
  }
}
