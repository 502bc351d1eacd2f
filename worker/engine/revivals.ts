/** Bringing orders back, on a Temporal client: of the API, of the operator's programs, of the worker's reconciler. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, WorkflowExecutionDescription } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common'
import { workflowType } from '../../domain/order/names.ts'
import type { Histories, Revival, Revivals, Running } from '../../prisma/recovery/engine.ts'
import { movesSince } from './histories.ts'

/** How long the recorder of a workflow that is to end is waited for. */
const RECORDING_MS = 20_000

/** Another than the kinds of workflows that are orders. */
const OTHERS = new Set(['scheduled', 'reconciliation'])

export function revivalsOf(client: Client, taskQueue: string): Revivals & Histories {
  const described = async (order: string): Promise<WorkflowExecutionDescription | undefined> => {
    try {
      return await client.workflow.getHandle(order).describe()
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined
      throw error
    }
  }
  const start = ({ id, snapshot, started }: Revival, workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE') =>
    client.workflow.start(workflowType(snapshot.process), {
      workflowId: id,
      taskQueue,
      args: [{ id, snapshot, started }],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy,
    })
  /** False where the workflow does not run. */
  const reached = async (signal: Promise<void>): Promise<boolean> => {
    try {
      await signal
      return true
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false
      throw error
    }
  }
  const list = async function* (condition: string): AsyncIterable<Running> {
    const query = `TaskQueue = "${taskQueue}" AND ${condition}`
    for await (const { workflowId: order, type, startTime } of client.workflow.list({ query }))
      if (!OTHERS.has(type)) yield { order, type, startedAt: startTime.getTime() }
  }

  return {
    async revive(revival) {
      try {
        await start(revival, 'REJECT_DUPLICATE')
        return 'revived'
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
      }
      const before = await described(revival.id)
      if (before?.status.name === 'RUNNING') return 'ran'
      if (before && (await movesSince(client, revival.id, revival.snapshot.seq)).some(({ recorded }) => recorded)) return 'ahead'
      try {
        await start(revival, 'ALLOW_DUPLICATE')
        return 'revived'
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'ran'
        throw error
      }
    },

    async retire(order) {
      for (const end = Date.now() + RECORDING_MS; ; await sleep(50)) {
        const now = await described(order)
        if (now?.status.name !== 'RUNNING') return
        const recording = now.raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'record')
        if (recording && Date.now() < end) continue
        try {
          await client.workflow.getHandle(order, now.runId).terminate('goes on from the record')
        } catch (error) {
          if (!(error instanceof WorkflowNotFoundError)) throw error
        }
      }
    },

    async begin(opening) {
      try {
        await client.workflow.start(workflowType(opening.opened.process), {
          workflowId: opening.id,
          taskQueue,
          args: [opening],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        })
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
      }
    },

    childEnded: (order, end) => reached(client.workflow.getHandle(order).signal('child-ended', end)),
    parentWithdrew: (order, told) => reached(client.workflow.getHandle(order).signal('parent-withdrew', told)),
    received: (order, fact) => reached(client.workflow.getHandle(order).signal('received', fact)),

    running: () => list('ExecutionStatus = "Running"'),
    ended: (since) => list(`ExecutionStatus != "Running" AND CloseTime >= "${new Date(since).toISOString()}"`),
    isRunning: async (order) => {
      const found = await described(order)
      return found && found.status.name === 'RUNNING'
    },
    async failing(order) {
      const task = (await described(order))?.raw.pendingWorkflowTask
      const attempt = task?.attempt ?? 0
      return attempt > 1 ? { attempt } : undefined
    },
    movesSince: (order, seq) => movesSince(client, order, seq),
  }
}
