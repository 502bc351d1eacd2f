/** One import of customers: read, leave who is there, write the others in batches, note what was rejected. */
import type pg from 'pg'
import { type CustomerList, readCustomers } from './customers.ts'
import { checkPlaces, idOf, knownCustomers, SOURCE, updateCustomers, writeCustomers } from './customers-record.ts'
import { noteRejected } from './record.ts'

export interface CustomerSummary {
  /** Rows of the list. */
  read: number
  written: number
  /** Were there before. */
  existing: number
  /** Of those, whose row says something else than before; only where the list is a later one. */
  updated: number
  rejected: number
  /** For another run: this one was stopped. */
  left: number
  rejects: CustomerList['rejects']
}

/** Customers of a transaction. */
const BATCH = 500

export interface ImportCustomers {
  path: string
  stop?: AbortSignal
  onProgress?: (done: number, all: number, rejected: number) => void
  dryRun?: boolean
  /** The list is a later one: what it says of customers who are there holds from now on. */
  update?: boolean
  now?: Date
  batch?: number
}

/**
 * What is written is written as a whole batch, so a run that was killed is gone on with by running it again.
 * @throws InputError for the list as a whole
 */
export async function importCustomers(pool: pg.Pool, options: ImportCustomers): Promise<CustomerSummary> {
  const { path, stop, onProgress, dryRun = false, update = false, now = new Date(), batch = BATCH } = options
  await checkPlaces(pool)
  const { read, customers, rejects } = await readCustomers(path)
  const known = await knownCustomers(pool)
  const todo = customers.filter(({ id }) => !known.has(idOf(id)))
  const there = update ? customers.filter(({ id }) => known.has(idOf(id))) : []
  const summary = {
    read,
    written: 0,
    existing: customers.length - todo.length,
    updated: 0,
    rejected: rejects.length,
    left: todo.length,
    rejects,
  }
  if (dryRun) return summary
  for (let at = 0; at < there.length && !stop?.aborted; at += batch) {
    summary.updated += await updateCustomers(pool, there.slice(at, at + batch), now)
    onProgress?.(Math.min(at + batch, there.length), there.length + todo.length, rejects.length)
  }
  for (let at = 0; at < todo.length && !stop?.aborted; at += batch) {
    const part = todo.slice(at, at + batch)
    const written = await writeCustomers(pool, part, now)
    summary.written += written
    // Another run has written them meanwhile.
    summary.existing += part.length - written
    summary.left -= part.length
    onProgress?.(there.length + at + part.length, there.length + todo.length, rejects.length)
  }
  if (rejects.length > 0) {
    // A second row doesn't undo what the first has made of the customer.
    const listed = await knownCustomers(pool)
    await noteRejected(
      pool,
      SOURCE,
      rejects.filter(({ id }) => !listed.has(idOf(id))),
      now,
    )
  }
  // Without figures of the new rows the planner takes the tables for empty.
  if (summary.written > 0) await pool.query('ANALYZE customer, customer_profile')
  return summary
}
