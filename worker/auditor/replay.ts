/** Replays histories with a version of the code, and hears which moves it makes. */
import type { PayloadCodec } from '@temporalio/common'
import { type ReplayWorkerOptions, Worker } from '@temporalio/worker'
import type { Move } from '../../activities/types.ts'
import type { History } from './history.ts'

/** Workflow code as one file. */
export interface Code {
  /** SHA-256 of the bundle. */
  hash: string
  version: string
  bundle: { code: string } | { codePath: string }
}

export interface Replayed {
  /** As the code made them this time. */
  moves: Move[]
  /** Why it did not come to the end of the history. */
  error?: string
}

/**
 * Hears the moves where they leave the process for the recorder. The engine's replayer compares what is asked for with the history, and
 * not with what it is asked; and sinks would have to be in the code already, which old code is not.
 */
class Ear implements PayloadCodec {
  moves: Move[] = []

  encode: PayloadCodec['encode'] = (payloads) => {
    for (const { data } of payloads) {
      const move = data && asMove(data)
      if (move) this.moves.push(move)
    }
    return Promise.resolve(payloads)
  }

  decode: PayloadCodec['decode'] = (payloads) => Promise.resolve(payloads)
}

const decoder = new TextDecoder()

function asMove(data: Uint8Array): Move | undefined {
  // Everything that leaves is JSON; of a move the first two names are these.
  const text = decoder.decode(data)
  if (!text.startsWith('{"order":')) return undefined
  const value = JSON.parse(text) as Partial<Move>
  return value.events && value.head !== undefined && value.base !== undefined ? (value as Move) : undefined
}

/** Replays in turn, with one worker for all: starting one costs as much as some twenty histories. */
export async function replay(code: Code, histories: readonly { order: string; history: History }[]): Promise<Replayed[]> {
  if (histories.length === 0) return []
  const ear = new Ear()
  const answers: Replayed[] = []
  const options = {
    workflowBundle: code.bundle,
    replayName: `replay-${code.hash.slice(0, 8)}`,
    dataConverter: { payloadCodecs: [ear] },
    workflowThreadPoolSize: 1,
    // In a thread of its own: what this process does beside has a move to answer. The type has no word for it, the worker does.
    debugMode: false,
  } as ReplayWorkerOptions
  const pushed = histories.map(({ order: workflowId, history }) => ({ workflowId, history }))
  for await (const { error } of Worker.runReplayHistories(options, pushed)) {
    answers.push({ moves: ear.moves, ...(error && { error: error.message.replace(/^Replay failed .*?Details: /s, '') }) })
    ear.moves = []
  }
  return answers
}
