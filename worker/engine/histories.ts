/** What the engine's histories say of an order's moves: the recorder's inputs and answers, run by run, backwards. */
import type { Client } from '@temporalio/client'
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js'
import type { Move, Recorded } from '../../domain/order/move.ts'
import type { PastMove } from '../../prisma/recovery/engine.ts'
import { isForgotten } from './forgotten.ts'

const PAGE = 200

interface Payloads {
  payloads?: unknown[] | null
}

/** Part of an event of a history, as the engine's protocol has it. */
interface Event {
  eventId?: unknown
  workflowExecutionStartedEventAttributes?: { continuedExecutionRunId?: string | null; input?: Payloads | null } | null
  activityTaskScheduledEventAttributes?: { activityType?: { name?: string | null } | null; input?: Payloads | null } | null
  activityTaskCompletedEventAttributes?: { scheduledEventId?: unknown; result?: Payloads | null } | null
}

/** How a run began: with an opening, or with a state of this version. */
type Start = { id: string; snapshot?: { seq: number } }

/**
 * Moves of an order after event `seq`, in order, as far back as the histories reach that the engine still has.
 * @throws what the client throws; a workflow that the engine does not have answers nothing
 */
export async function movesSince(client: Client, order: string, seq: number): Promise<PastMove[]> {
  const found = new Map<number, PastMove>()
  let runId: string | undefined
  const seen = new Set<string>()
  try {
    for (;;) {
      const run = await backwards(client, order, runId, seq, found)
      if (run.enough) break
      const before = run.continued ?? (await earlierRun(client, order, run.runId, seen))
      seen.add(run.runId)
      if (!before || seen.has(before)) break
      runId = before
    }
  } catch (error) {
    if (!isForgotten(error)) throw error
  }
  return [...found.values()].sort((a, b) => a.base - b.base)
}

interface Run {
  runId: string
  /** The run that this one continues. */
  continued: string | undefined
  /** Nothing before it matters. */
  enough: boolean
}

async function backwards(
  client: Client,
  order: string,
  wanted: string | undefined,
  seq: number,
  found: Map<number, PastMove>,
): Promise<Run> {
  const runId = wanted ?? (await client.workflow.getHandle(order).describe()).runId
  const answers = new Map<string, Recorded>()
  let continued: string | undefined
  let token: Uint8Array | undefined
  do {
    const { history, nextPageToken } = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId: order, runId },
      maximumPageSize: PAGE,
      ...(token && { nextPageToken: token }),
    })
    for (const event of (history?.events ?? []) as Event[]) {
      const { workflowExecutionStartedEventAttributes: begun, activityTaskScheduledEventAttributes: asked } = event
      const done = event.activityTaskCompletedEventAttributes
      if (done) answers.set(String(done.scheduledEventId), (await decoded(client, done.result))[0] as Recorded)
      if (asked?.activityType?.name === 'record') {
        const [move] = (await decoded(client, asked.input)) as [Move]
        const recorded = answers.get(String(event.eventId))
        if (move.base < seq) return { runId, continued, enough: true }
        // What two runs asked for from the same place was recorded once; the answer of the one that was recorded holds.
        if (recorded || !found.has(move.base)) found.set(move.base, { ...move, ...(recorded && { recorded }) })
      }
      answers.delete(String(event.eventId))
      if (begun) {
        const [start] = (await decoded(client, begun.input)) as [Start]
        if (!start?.snapshot || start.snapshot.seq <= seq) return { runId, continued, enough: true }
        continued = begun.continuedExecutionRunId || undefined
      }
    }
    token = nextPageToken?.length ? nextPageToken : undefined
  } while (token)
  return { runId, continued, enough: false }
}

/** The run before one that was started from the record and so continues none. */
async function earlierRun(client: Client, order: string, runId: string, seen: ReadonlySet<string>): Promise<string | undefined> {
  const own = await client.workflow.getHandle(order, runId).describe()
  let latest: { runId: string; startTime: Date } | undefined
  for await (const other of client.workflow.list({ query: `WorkflowId = "${order.replaceAll('"', '')}"` }))
    if (other.startTime < own.startTime && !seen.has(other.runId) && (!latest || other.startTime > latest.startTime)) latest = other
  return latest?.runId
}

const decoded = (client: Client, payloads: Payloads | null | undefined): Promise<unknown[]> =>
  decodeArrayFromPayloads(client.options.loadedDataConverter, (payloads?.payloads ?? []) as never)
