/**
 * Makes what is on the screen new when the server tells of changes. Many changes in a moment ask once, a stream of them a few times a
 * second; of long lanes the rows of the orders concerned alone.
 */
import type { QueryClient } from '@tanstack/react-query'
import { freshen, isLane } from './lane-pages.ts'
import type { Told } from './told.ts'

/** A burst of moves is one refresh; the next follows after a rest. */
export const GATHER_MS = 150
export const REST_MS = 500
/** Numbers on the tabs cost the server more than rows, and nobody reads them so often. */
export const COUNTS_MS = 2_000
/** More orders than these at once, and everything is asked for anew. */
const MOST_ORDERS = 200

/** Reads that any move may change: their first word. */
const lists = ['tasks', 'orders', 'breaches', 'board', 'load', 'reports']

export class Follower {
  private readonly client: QueryClient
  private readonly orders = new Set<string>()
  private wide = false
  private messages = false
  /** Something has changed since the lanes were counted. */
  private uncounted = false
  private counted = Number.NEGATIVE_INFINITY
  private timer: ReturnType<typeof setTimeout> | undefined
  private rested = Number.NEGATIVE_INFINITY
  private round: Promise<void> | undefined

  constructor(client: QueryClient) {
    this.client = client
  }

  hear(told: Told): void {
    if (told.type === 'order') this.orders.add(told.data.id)
    else if (told.type === 'rung') this.orders.add(told.data.order)
    else if (told.type === 'notification') this.messages = true
    else this.wide = true
    this.arm()
  }

  /** What the reader has just changed himself: at once. */
  async changed(...orders: readonly string[]): Promise<void> {
    await this.round
    for (const order of orders) this.orders.add(order)
    await this.refresh()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private arm(wait = GATHER_MS): void {
    if (this.timer !== undefined || this.round) return
    this.timer = setTimeout(() => void this.refresh(), Math.max(wait, this.rested + REST_MS - Date.now()))
  }

  private async refresh(): Promise<void> {
    this.stop()
    this.round ??= this.look()
    await this.round
  }

  private async look(): Promise<void> {
    const orders = [...this.orders]
    const wide = this.wide || orders.length > MOST_ORDERS
    const { messages } = this
    this.orders.clear()
    this.wide = this.messages = false
    try {
      if (wide) return void this.client.invalidateQueries()
      if (messages) void this.client.invalidateQueries({ queryKey: ['notifications'] })
      this.askLists(orders)
      await this.freshenLanes(orders)
    } finally {
      this.round = undefined
      this.rested = Date.now()
      if (this.orders.size > 0 || this.wide || this.messages) this.arm()
      else if (this.uncounted) this.arm(Math.max(GATHER_MS, this.counted + COUNTS_MS - Date.now()))
    }
  }

  /** A slow one does not keep the others waiting. */
  private askLists(orders: readonly string[]): void {
    for (const id of orders) void this.client.invalidateQueries({ queryKey: ['order', id] })
    if (orders.length === 0) return
    void this.client.invalidateQueries({ predicate: ({ queryKey }) => lists.includes(String(queryKey[0])) && !isLane(queryKey) })
  }

  /** Lanes that nobody looks at are read anew when somebody does. */
  private async freshenLanes(orders: readonly string[]): Promise<void> {
    const lanes = this.client.getQueryCache().findAll({ predicate: ({ queryKey }) => isLane(queryKey) })
    if (orders.length > 0) for (const lane of lanes) if (!lane.isActive()) lane.invalidate()
    const active = lanes.filter((lane) => lane.isActive() && lane.state.data !== undefined)
    this.uncounted ||= orders.length > 0
    const counts = this.uncounted && active.length > 0 && Date.now() - this.counted >= COUNTS_MS
    if (counts || active.length === 0) this.uncounted = false
    if (counts) this.counted = Date.now()
    if (orders.length === 0 && !counts) return
    for (const { queryKey } of active) {
      const done = await freshen(this.client, queryKey, orders, counts).catch(() => {
        // Nobody answered: what is shown is read anew as soon as somebody does.
        void this.client.invalidateQueries({ queryKey, exact: true, refetchType: 'none' })
        return true
      })
      if (!done) for (const order of orders) this.orders.add(order)
    }
  }
}
