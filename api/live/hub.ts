/**
 * What changes, to everybody who watches. One connection of the process listens to the database; each batch of moves is read once,
 * written once, and given to every viewer in whose sight it lies. So more viewers cost no more of the database.
 */
import pg from 'pg'
import type { Logger } from 'pino'
import { LIVE_CHANNEL, type LiveMove } from '../../domain/order/live.ts'
import { loadPrincipal } from '../auth/principal.ts'
import { liveSessions, readChanges } from '../queries/live.ts'
import { type Entry, LiveLog } from './log.ts'
import { frame, type Viewer, write, type Written } from './viewer.ts'

interface LiveDeps {
  pool: pg.Pool
  logger: Logger
  now: () => number
  draining: () => boolean
}

interface Waiting extends LiveMove {
  entry: Entry<Written>
}

/** Orders read at once; the moves that come in meanwhile wait for the next round. */
const BATCH = 200
/** More orders than these waiting: everybody fetches anew what he looks at. */
const MOST_WAITING = 2_000
const LOOK_MS = 1_000
const BEAT_MS = 15_000
const SESSIONS_MS = 2_000
const PEOPLE_MS = 30_000
/** The connection stays so long after the last viewer has gone, so that one who comes back misses nothing. */
const LINGER_MS = 60_000
const LONGEST_RETRY_MS = 5_000

export class LiveHub {
  private readonly deps: LiveDeps
  private readonly viewers = new Set<Viewer>()
  private readonly log = new LiveLog<Written>()
  /** By order, in the order in which they were heard. */
  private readonly waiting = new Map<string, Waiting>()
  private connecting: Promise<void> | undefined
  private client: pg.Client | undefined
  private flushing = false
  private timer: NodeJS.Timeout | undefined
  private looked = { sessions: 0, people: 0, viewed: 0 }

  constructor(deps: LiveDeps) {
    this.deps = deps
  }

  get size(): number {
    return this.viewers.size
  }

  /** Streams that are open with a session. */
  ofSession(session: string): number {
    return [...this.viewers].filter((viewer) => viewer.session === session).length
  }

  /** Makes sure that the process hears what changes. @throws errors of the database */
  async listen(): Promise<void> {
    this.looked.viewed = performance.now()
    this.timer ??= setInterval(() => void this.look(), LOOK_MS).unref()
    this.connecting ??= this.connect().catch((error: unknown) => {
      this.connecting = undefined
      throw error
    })
    await this.connecting
  }

  /** Lets a viewer see what changes from now on, and what it missed since `last`. Answers how to take it out. */
  join(viewer: Viewer, last: string | undefined): () => void {
    const now = this.deps.now()
    const missed = last === undefined ? [] : this.log.since(last)
    this.viewers.add(viewer)
    viewer.send(frame('ready', { resumed: last !== undefined && missed !== undefined }), this.log.position, now)
    if (missed === undefined) viewer.send(frame('resync', { reason: 'gap' }), this.log.position, now)
    for (const { change } of missed ?? []) viewer.show(change!, now)
    void this.flush()
    return () => void this.viewers.delete(viewer)
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ ...this.deps.pool.options, application_name: 'paidan-live', statement_timeout: 10_000, keepAlive: true })
    client.on('notification', ({ payload }) => this.heard(payload ?? ''))
    client.on('error', (error) => this.lost(client, error))
    client.on('end', () => this.lost(client))
    await client.connect()
    await client.query(`LISTEN ${LIVE_CHANNEL}`)
    this.client = client
  }

  private heard(payload: string): void {
    const move = JSON.parse(payload) as LiveMove
    const entry = this.log.add(move, this.deps.now())
    const before = this.waiting.get(move.order)
    // To the end, so that nothing that waits was heard before what is told.
    this.waiting.delete(move.order)
    this.waiting.set(move.order, {
      order: move.order,
      base: before?.base ?? move.base,
      seq: move.seq,
      ...((move.rungs ?? before?.rungs) && { rungs: true }),
      ...((move.told ?? before?.told) && { told: true }),
      left: [...(before?.left ?? []), ...(move.left ?? [])],
      entry,
    })
    if (this.waiting.size > MOST_WAITING) this.gap('flood')
    // What nobody watches is kept for whoever comes back.
    else if (this.viewers.size > 0) void this.flush()
  }

  private async flush(): Promise<void> {
    if (this.flushing) return
    this.flushing = true
    try {
      while (this.waiting.size > 0) {
        const batch = [...this.waiting.values()].slice(0, BATCH)
        for (const { order } of batch) this.waiting.delete(order)
        await this.tell(batch)
      }
    } catch (error) {
      this.deps.logger.warn({ err: error }, 'what changed could not be read; viewers are asked to fetch anew')
      this.gap('unread')
    } finally {
      this.flushing = false
    }
  }

  private async tell(batch: readonly Waiting[]): Promise<void> {
    const { pool, now } = this.deps
    const staff = [...new Set([...this.viewers].map(({ principal }) => principal.id))]
    const found = await readChanges(pool, batch, staff, new Date(now()))
    const at = now()
    for (const { order, entry, left } of batch) {
      const change = found.get(order)
      if (!change) continue
      entry.change = write(entry.key, change, left ?? [])
      for (const viewer of this.viewers) viewer.show(entry.change, at)
    }
    this.log.told(batch.at(-1)!.entry)
  }

  /** Something was missed: everybody is asked to fetch anew what he looks at. */
  private gap(reason: string): void {
    this.waiting.clear()
    this.log.clear()
    const now = this.deps.now()
    for (const viewer of this.viewers) viewer.send(frame('resync', { reason }), this.log.position, now)
  }

  private lost(client: pg.Client, error?: Error): void {
    if (this.client !== client) return
    this.client = undefined
    this.connecting = undefined
    if (error) this.deps.logger.warn({ err: error }, 'the connection that hears of changes was lost')
    client.end().catch(() => {})
    this.waiting.clear()
    this.log.clear()
    if (this.viewers.size > 0) void this.again(100)
  }

  private async again(wait: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, wait).unref())
    if (this.viewers.size === 0 || this.connecting !== undefined) return
    try {
      await this.listen()
      this.gap('connection')
    } catch {
      void this.again(Math.min(LONGEST_RETRY_MS, wait * 2))
    }
  }

  /** Once a second: who has gone, whose session has ended, who is to be told that we live. */
  private async look(): Promise<void> {
    const now = this.deps.now()
    const ticks = performance.now()
    if (this.viewers.size > 0) this.looked.viewed = ticks
    else if (ticks - this.looked.viewed > LINGER_MS) return this.rest()
    if (this.deps.draining()) return this.all((viewer) => viewer.end('draining'))
    for (const viewer of this.viewers)
      if (Math.abs(now - viewer.wrote) >= BEAT_MS) viewer.send(frame('beat', { at: new Date(now).toISOString() }), this.log.position, now)
    try {
      if (ticks - this.looked.sessions >= SESSIONS_MS) {
        this.looked.sessions = ticks
        await this.endOver(new Date(now))
      }
      if (ticks - this.looked.people >= PEOPLE_MS) {
        this.looked.people = ticks
        await this.refresh(new Date(now))
      }
    } catch (error) {
      this.deps.logger.warn({ err: error }, 'whose session has ended could not be read; looking again')
    }
  }

  private all(work: (viewer: Viewer) => void): void {
    for (const viewer of [...this.viewers]) work(viewer)
  }

  private async endOver(now: Date): Promise<void> {
    if (this.viewers.size === 0) return
    const live = await liveSessions(this.deps.pool, [...new Set([...this.viewers].map(({ session }) => session))], now)
    this.all((viewer) => {
      if (!live.has(viewer.session)) viewer.end('session')
    })
  }

  /** Roles, units and stand-ins change while somebody watches. */
  private async refresh(now: Date): Promise<void> {
    for (const id of new Set([...this.viewers].map(({ principal }) => principal.id))) {
      const principal = await loadPrincipal(this.deps.pool, id, now)
      this.all((viewer) => {
        if (viewer.principal.id !== id) return
        if (!principal) viewer.end('session')
        else if (viewer.become(principal)) viewer.send(frame('resync', { reason: 'access' }), this.log.position, now.getTime())
      })
    }
  }

  private rest(): void {
    clearInterval(this.timer)
    this.timer = undefined
    const { client } = this
    this.client = undefined
    this.connecting = undefined
    this.waiting.clear()
    this.log.clear()
    client?.end().catch(() => {})
  }
}
