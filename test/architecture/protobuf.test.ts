import { createRequire } from 'node:module'
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { describe, expect, it } from 'vitest'

/**
 * Histories are kept and replayed as JSON. With two copies of protobufjs in the tree the SDK's JSON functions throw `type must be a
 * Type`; our own dependency on protobufjs 8 makes npm keep one. This fails when an update undoes that.
 */
describe('protobufjs', () => {
  it('is one copy for all parts of the SDK', () => {
    const require = createRequire(import.meta.url)
    const users = ['@temporalio/proto', '@temporalio/common', '@temporalio/worker', '@temporalio/client']
    const copies = users.map((name) => createRequire(require.resolve(name)).resolve('protobufjs'))
    expect(new Set([...copies, require.resolve('protobufjs')]).size).toBe(1)
  })

  it('carries a history through JSON and back', () => {
    const at = '2026-10-01T00:00:00.123456789Z'
    const history = {
      events: [
        {
          eventId: '1',
          eventTime: at,
          eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
          workflowExecutionStartedEventAttributes: {
            workflowType: { name: 'gradedFault' },
            taskQueue: { name: 'orders' },
            input: { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'eyJpZCI6IkYtMSJ9' }] },
            workflowRunTimeout: '5400s',
          },
        },
        {
          eventId: '2',
          eventTime: at,
          eventType: 'EVENT_TYPE_TIMER_STARTED',
          timerStartedEventAttributes: { timerId: '1', startToFireTimeout: '900s' },
        },
      ],
    }
    const parsed = historyFromJSON(history)
    expect(parsed.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name).toBe('gradedFault')
    const again: unknown = JSON.parse(historyToJSON(parsed))
    expect(again).toMatchObject(history)
    expect(historyFromJSON(again)).toEqual(parsed)
  })
})
