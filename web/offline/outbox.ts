/**
 * Commands that were given while nobody answered. They wait on the device, each with its Idempotency-Key, and are sent in their sequence
 * when there is an answer again: what was taken the first time after all counts once. What is refused then is shown with the reason.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { newKey, post } from '../http/client.ts'
import { ApiProblem, Unreachable } from '../http/problem.ts'
import type { Command } from '../http/types.ts'

export interface Waiting {
  key: string
  /** Whose it is: a device may be shared. */
  staff: string
  order: string
  command: Command
  /** In words, for the list: the step or the title of the order. */
  what: string
  /** Epoch ms by the device's clock. */
  at: number
  state: 'waiting' | 'done' | 'refused'
  problem?: { code: string; title: string }
}

interface Schema extends DBSchema {
  outbox: { key: string; value: Waiting; indexes: { at: number } }
}

let opened: Promise<IDBPDatabase<Schema>> | undefined
const database = (): Promise<IDBPDatabase<Schema>> =>
  (opened ??= openDB<Schema>('paidan-outbox', 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'key' }).createIndex('at', 'at')
    },
  }))

let known: readonly Waiting[] = []
const listeners = new Set<() => void>()
const channel = new BroadcastChannel('paidan-outbox')
channel.onmessage = () => void look()

export const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const waiting = (): readonly Waiting[] => known

async function look(): Promise<void> {
  known = await (await database()).getAllFromIndex('outbox', 'at')
  for (const listener of listeners) listener()
}

async function keep(entry: Waiting): Promise<void> {
  await (await database()).put('outbox', entry)
  await look()
  channel.postMessage('changed')
}

/** Takes the answered ones off the list. */
export async function forget(keys: readonly string[]): Promise<void> {
  const db = await database()
  for (const key of keys) await db.delete('outbox', key)
  await look()
  channel.postMessage('changed')
}

/** What may wait for hours without becoming wrong. To dispatch or to withdraw needs to see what is true now. */
const mayWait: ReadonlySet<Command['type']> = new Set(['accept', 'complete', 'comment', 'refuse', 'return', 'sign'])

/**
 * Gives a command to an order; without an answer it waits on this device.
 *
 * @returns 'queued' where it waits
 * @throws ApiProblem when it is refused; Unreachable when there is no answer and it may not wait
 */
export async function giveCommand(
  { staff, order, what, headers }: { staff: string; order: string; what: string; headers?: Readonly<Record<string, string>> },
  command: Command,
  key: string = newKey(),
): Promise<'done' | 'queued'> {
  const entry: Waiting = { key, staff, order, command, what, at: Date.now(), state: 'waiting' }
  const before = known.some((one) => one.state === 'waiting' && one.order === order)
  try {
    // What waits already goes first.
    if (before) throw new Unreachable(undefined)
    await post(`/orders/${order}/commands`, command, { key, headers })
    return 'done'
  } catch (error) {
    if (!(error instanceof Unreachable) || !mayWait.has(command.type)) throw error
    await keep(entry)
    if (before) void send(staff)
    return 'queued'
  }
}

/** The device's time goes with what was done without a connection: the record has the time at which it heard of it. */
function late({ command, at }: Waiting): Command {
  const device = new Date(at).toISOString()
  if (command.type !== 'complete') return command
  return { ...command, note: [command.note, `(${device})`].filter(Boolean).join(' ') }
}

/** Sends what waits, in its sequence, from one tab at a time; stops when there is no answer. */
export async function send(staff: string): Promise<void> {
  await navigator.locks.request('paidan-outbox', { ifAvailable: true }, async (lock) => {
    if (!lock) return
    await look()
    for (const entry of known.filter((one) => one.state === 'waiting' && one.staff === staff)) {
      try {
        await post(`/orders/${entry.order}/commands`, late(entry), { key: entry.key })
        await keep({ ...entry, state: 'done' })
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status >= 500 || error.status === 401) return
        await keep({ ...entry, state: 'refused', problem: { code: error.code, title: error.message } })
      }
    }
  })
}
