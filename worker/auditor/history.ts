/** What an engine's history tells of an order: the moves that were recorded, what the recorder answered, and which code ran. */
import { createHash } from 'node:crypto'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { Client } from '@temporalio/client'
import { defaultPayloadConverter } from '@temporalio/common'
import { type History, historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { Move, Recorded } from '../../activities/types.ts'
import { isForgotten } from '../engine/forgotten.ts'

export type { History }

/** One run of an order's workflow. */
export interface Run {
  id: string
  history: History
}

export interface AnsweredMove {
  move: Move
  answer: Recorded
}

/** Moves whose recording was answered. One that failed or is under way says nothing of the record. */
export function answeredMoves(history: History): AnsweredMove[] {
  const asked = new Map<string, Move>()
  const found: AnsweredMove[] = []
  for (const event of history.events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes
    if (scheduled?.activityType?.name === 'record') asked.set(String(event.eventId), read<Move>(scheduled.input?.payloads))
    const completed = event.activityTaskCompletedEventAttributes
    const move = completed && asked.get(String(completed.scheduledEventId))
    if (move) found.push({ move, answer: read<Recorded>(completed.result?.payloads) })
  }
  return found
}

const read = <T>(payloads: Parameters<typeof defaultPayloadConverter.fromPayload>[0][] | null | undefined): T =>
  defaultPayloadConverter.fromPayload<T>(payloads![0]!)

/** Hash of the bundle that ran last, where the worker named it; the SDK puts it into the build id. */
export function bundleOf(history: History): string | undefined {
  const ids = (history.events ?? []).map((event) => event.workflowTaskCompletedEventAttributes?.workerVersion?.buildId)
  return /\+([0-9a-f]{64})$/.exec(ids.findLast(Boolean) ?? '')?.[1]
}

/** A worker has looked at it. */
export const hasBegun = ({ events }: History): boolean => events?.some((event) => event.workflowTaskCompletedEventAttributes) ?? false

/** Nothing more will be added to it. */
export function hasEnded({ events }: History): boolean {
  const last = events?.at(-1)
  return [
    last?.workflowExecutionCompletedEventAttributes,
    last?.workflowExecutionFailedEventAttributes,
    last?.workflowExecutionTimedOutEventAttributes,
    last?.workflowExecutionCanceledEventAttributes,
    last?.workflowExecutionTerminatedEventAttributes,
    last?.workflowExecutionContinuedAsNewEventAttributes,
  ].some(Boolean)
}

/** All runs that the engine still has, the first one first: continued ones, and those that a rehydration began. Empty: it has none. */
export async function fetchRuns(client: Client, order: string): Promise<Run[]> {
  const runs = new Map<string, Run | undefined>()
  const wanted = new Set<string>()
  try {
    wanted.add((await client.workflow.getHandle(order).describe()).runId)
  } catch (error) {
    if (!isForgotten(error)) throw error
    return []
  }
  // What was begun anew after it had been lost is not linked to what ran before.
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = ${JSON.stringify(order)}` })) wanted.add(runId)
  for (const id of wanted) {
    const history = await fetchRun(client, order, id)
    runs.set(id, history && { id, history })
    const begun = history?.events?.[0]?.workflowExecutionStartedEventAttributes
    const next = history?.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId
    // A set goes on over what is added to it meanwhile.
    for (const other of [begun?.firstExecutionRunId, begun?.continuedExecutionRunId, next]) if (other) wanted.add(other)
  }
  return [...runs.values()].filter((run) => run !== undefined).sort((a, b) => beganAt(a.history) - beganAt(b.history))
}

/** The history of a run, or nothing where the engine has forgotten it. */
async function fetchRun(client: Client, order: string, run: string): Promise<History | undefined> {
  try {
    return await client.workflow.getHandle(order, run).fetchHistory()
  } catch (error) {
    if (isForgotten(error)) return undefined
    throw error
  }
}

function beganAt({ events }: History): number {
  const { seconds, nanos } = events?.[0]?.eventTime ?? {}
  return Number(seconds ?? 0) * 1_000 + Number(nanos ?? 0) / 1e6
}

export interface Packed {
  content: Buffer
  /** Of the text before compression. */
  sha256: string
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** As the engine's own tools write and read a history, compressed. */
export function pack(history: History): Packed {
  const text = historyToJSON(history)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text) }
  return { content: brotliCompressSync(text, { params }), sha256: sha256(text) }
}

/** @throws Error that says so where the content is not what was packed */
export function unpack({ content, sha256: expected }: Packed): History {
  let text: string
  try {
    text = brotliDecompressSync(content).toString()
  } catch (error) {
    throw new Error(`it can't be unpacked: ${(error as Error).message}`, { cause: error })
  }
  const actual = sha256(text)
  if (actual !== expected) throw new Error(`it hashes to ${actual}, and was archived as ${expected}`)
  return historyFromJSON(JSON.parse(text))
}
