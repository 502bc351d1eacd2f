/** How what comes from outside reaches a running order. */
import type { Client } from '@temporalio/client'
import { WorkflowNotFoundError } from '@temporalio/common'
import type { Tell } from '../activities/index.ts'
import type { OutsideFact } from '../domain/order/received.ts'

/** @throws where the engine does not answer; telling again is safe */
export const tellBy =
  (client: Client): Tell =>
  async (order, fact) => {
    try {
      await client.workflow.getHandle(order).signal<[OutsideFact]>('received', fact)
      return 'told'
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'ended'
      throw error
    }
  }
