/** Circuits, ports and numbers as the door and the statements of the record hold and free them (activities/projections/resources.ts). */
import type { Database } from './database.ts'

export interface Hold {
  resource: string
  order: string
  state: 'asked' | 'reserved' | 'used'
  /** End of what was only asked for, epoch ms. */
  until: number
}

/** As api/orders/holds.ts. */
const ASKED_MS = 5 * 60_000

export class Holds {
  /** Who has what now; a resource is one order's only. */
  private readonly held = new Map<string, Hold>()
  private readonly database: Database

  constructor(database: Database) {
    this.database = database
  }

  get all(): Iterable<Hold> {
    return this.held.values()
  }

  /** What the door does before it sends a command. @returns the resources that were free until now, or nothing where one is another's */
  ask(order: string, resources: readonly string[], now: number): string[] | undefined {
    for (const resource of resources) {
      const hold = this.held.get(resource)
      if (hold?.state === 'asked' && hold.until < now) this.held.delete(resource)
    }
    const fresh = resources.filter((resource) => !this.held.has(resource))
    const foreign = resources.some((resource) => {
      const hold = this.held.get(resource)
      return hold && this.database.top(hold.order) !== this.database.top(order)
    })
    if (foreign) return undefined
    for (const resource of fresh) this.held.set(resource, { resource, order, state: 'asked', until: now + ASKED_MS })
    return fresh
  }

  /** A command that was refused gives back what it asked for. */
  giveBack(order: string, resources: readonly string[]): void {
    for (const resource of resources) {
      const hold = this.held.get(resource)
      if (hold?.order === order && hold.state === 'asked') this.held.delete(resource)
    }
  }

  reserve(order: string, ids: readonly string[]): void {
    for (const resource of ids) {
      const hold = this.held.get(resource)
      if (hold?.order === order && hold.state === 'asked') hold.state = 'reserved'
      if (!hold) this.held.set(resource, { resource, order, state: 'reserved', until: Infinity })
    }
  }

  use(order: string, named: readonly string[]): void {
    const top = this.database.top(order)
    for (const hold of this.held.values())
      if (hold.state !== 'used' && (this.database.top(hold.order) === top || named.includes(hold.resource))) hold.state = 'used'
  }

  /** Frees what an order still holds, and what those below it do. */
  free(order: string, below: boolean): void {
    for (const [resource, hold] of this.held)
      if (hold.state !== 'used' && (hold.order === order || (below && this.database.isUnder(hold.order, order)))) this.held.delete(resource)
  }

  /** What an order's tree occupies. */
  of(order: string): Hold[] {
    const top = this.database.top(order)
    return [...this.held.values()].filter((hold) => this.database.top(hold.order) === top)
  }
}
