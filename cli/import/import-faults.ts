/** One import: read, map, prepare places, start what has no order yet, note what happened. */
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { FAULTS, type Reject, readFaults } from './faults.ts'
import { type Mapping, checkMapping } from './mapping.ts'
import { type Place, type Plan, type Reference, planner } from './plan.ts'
import { type Outcome, type Start, startAll } from './start-all.ts'

/** What an import needs of the record. */
export interface ImportRecord {
  reference(): Promise<Reference>
  /** Order by number of the list. */
  known(): Promise<ReadonlyMap<string, string>>
  ensurePlaces(places: readonly Place[]): Promise<{ sites: number; services: number }>
  noteStarted(rows: readonly { no: string; order: string }[]): Promise<void>
  noteRejected(rejects: readonly Reject[]): Promise<void>
}

export interface Summary {
  /** Faults in the list. */
  read: number
  started: number
  /** Had their order before. */
  existing: number
  /** Faults that get none, because of broken rows or a refusal. */
  rejected: number
  /** Faults for another run: beyond the limit, or left when this one was stopped. */
  left: number
  sites: number
  services: number
  /** Every row that is to be corrected. */
  rejects: Reject[]
  /** Why the run ended early: OutOfReach, or something wrong on our side. What had an answer by then is counted. */
  failure?: unknown
}

export interface Prepared {
  /** What is to be started. */
  todo: readonly Plan[]
  /** What had its order before: number and order. */
  known: readonly { no: string; order: string }[]
  summary: Summary
}

export interface PrepareOptions {
  folder: string
  mapping: Mapping
  specs: readonly ProcessSpec[]
  record: Pick<ImportRecord, 'reference' | 'known'>
  /** Epoch ms. */
  now: number
  /** At most so many new orders. */
  limit?: number
}

/**
 * Reads the list and decides what each fault becomes. Nothing is changed.
 *
 * @throws InputError for the list as a whole or for the mapping
 */
export async function prepareImport({ folder, mapping, specs, record, now, limit }: PrepareOptions): Promise<Prepared> {
  const reference = await record.reference()
  checkMapping(mapping, { specs, products: reference.products.map(({ id }) => id) })
  const plan = planner(mapping, reference, now)
  const { read, faults, rejects } = await readFaults(folder, mapping.values)
  const orders = await record.known()
  const known = faults.flatMap(({ id }) => (orders.has(id) ? [{ no: id, order: orders.get(id)! }] : []))
  const open = faults.filter(({ id }) => !orders.has(id))
  return {
    todo: open.slice(0, limit).map(plan),
    known,
    summary: {
      read,
      started: 0,
      existing: known.length,
      rejected: read - faults.length,
      left: open.length,
      sites: 0,
      services: 0,
      rejects,
    },
  }
}

export interface RunOptions {
  record: Pick<ImportRecord, 'ensurePlaces' | 'noteStarted' | 'noteRejected'>
  start: Start
  /** Names this run in the keys of its requests. */
  run: string
  concurrency: number
  stop: AbortSignal
  onProgress?: (done: number, rejected: number) => void
  patience?: number
}

/** Started orders that are noted together. */
const BATCH = 250

/** Starts what is to be started. A run that was stopped or killed is gone on with by preparing anew: the number at the source names the order. */
export async function runImport({ todo, known, summary }: Prepared, { record, onProgress, ...options }: RunOptions): Promise<Summary> {
  const noted = [...known]
  let done = 0
  let writing = Promise.resolve()
  const write = () => {
    const rows = noted.splice(0)
    if (rows.length > 0) writing = writing.then(() => record.noteStarted(rows))
    // Awaited at the end; until then it must not count as unhandled.
    writing.catch(() => {})
  }
  const onOutcome = (outcome: Outcome) => {
    const { id, line } = outcome.plan.fault
    if ('reason' in outcome) {
      summary.rejected++
      summary.rejects.push({ file: FAULTS, line, id, reason: outcome.reason })
    } else {
      summary[outcome.existing ? 'existing' : 'started']++
      noted.push({ no: id, order: outcome.order })
      if (noted.length >= BATCH) write()
    }
    summary.left--
    onProgress?.(++done, summary.rejected)
  }
  try {
    if (todo.length > 0 && !options.stop.aborted) Object.assign(summary, await record.ensurePlaces(todo.map(({ place }) => place)))
    await startAll({ ...options, plans: todo, onOutcome })
  } catch (error) {
    summary.failure = error
  }
  try {
    write()
    await writing
    if (summary.rejects.length > 0) await record.noteRejected(summary.rejects)
  } catch (error) {
    summary.failure ??= error
  }
  return summary
}
