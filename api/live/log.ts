/**
 * The moves that this process has heard of, in the order in which the database committed them. Every process hears the same ones in the
 * same order, so the name of a move is a place from which any of them can go on.
 */
import { randomUUID } from 'node:crypto'
import type { LiveMove } from '../../domain/order/live.ts'

export interface Entry<C> {
  key: string
  heard: number
  /** What came of it, once read; moves of one order that were read together have it at the last of them. */
  change?: C
}

const MOST = 20_000
const KEEP_MS = 15 * 60_000
/** More changes than these are fetched anew by whoever missed them. */
const MOST_MISSED = 500

export class LiveLog<C> {
  private entries: Entry<C>[] = []
  private readonly places = new Map<string, Entry<C>>()
  /** Where somebody stands who has heard all that was told. */
  private head = ''

  constructor() {
    this.clear()
  }

  /** The last place up to which everything has been told. */
  get position(): string {
    return this.head
  }

  add({ order, seq }: LiveMove, now: number): Entry<C> {
    const entry: Entry<C> = { key: `${order}.${seq}`, heard: now }
    // The beginning grows old from its first move on.
    if (this.entries.length === 1) this.entries[0]!.heard = Math.min(this.entries[0]!.heard, now)
    this.entries.push(entry)
    this.places.set(entry.key, entry)
    if (this.entries.length > MOST || this.entries[0]!.heard < now - KEEP_MS) this.trim(now)
    return entry
  }

  told(last: Entry<C>): void {
    this.head = last.key
  }

  /** Forgets everything: a gap lies behind. */
  clear(): void {
    this.entries = []
    this.places.clear()
    this.head = randomUUID()
    const entry: Entry<C> = { key: this.head, heard: Number.MAX_SAFE_INTEGER }
    this.entries.push(entry)
    this.places.set(entry.key, entry)
  }

  /** What was told since a place; nothing where the place is not known, or too far back. */
  since(key: string): Entry<C>[] | undefined {
    const place = this.places.get(key)
    if (!place) return undefined
    const missed = this.entries.slice(this.entries.lastIndexOf(place) + 1).filter(({ change }) => change !== undefined)
    return missed.length > MOST_MISSED ? undefined : missed
  }

  private trim(now: number): void {
    const late = this.entries.findIndex(({ heard }) => heard >= now - KEEP_MS)
    const gone = this.entries.splice(0, Math.max(late, this.entries.length - Math.floor(MOST * 0.9), 0))
    for (const { key } of gone) this.places.delete(key)
  }
}
