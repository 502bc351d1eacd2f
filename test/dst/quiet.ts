/** What must be so once nothing is under way: every open order has a way on, nothing due is left undone, nothing ended holds anything. */
import { nextDue } from '../../domain/order/clocks.ts'
import type { OrderState, Task } from '../../domain/order/state.ts'
import type { Door } from './door.ts'
import type { Run } from './engine/run.ts'
import type { Server } from './engine/server.ts'
import type { Database, Kept } from './record/database.ts'
import { unequal } from './unequal.ts'

/** A timer runs from when the task that asked for it was reported, ms. */
const LATE = 10_000

export class Quiet {
  private readonly server: Server
  private readonly database: Database
  private readonly door: Door
  private readonly broken: (what: string) => void

  constructor(server: Server, database: Database, door: Door, broken: (what: string) => void) {
    this.server = server
    this.database = database
    this.door = door
    this.broken = broken
  }

  check(): void {
    for (const kept of this.database.orders.values()) {
      const run = this.server.runs.get(kept.id)
      if (kept.state.status === 'closed') this.ended(kept, run)
      else this.open(kept, run)
    }
    this.door.check()
    this.resources()
  }

  private ended({ id, state }: Kept, run: Run | undefined): void {
    // It waits for what the machine had begun.
    const busy = run && (run.activities.size > 0 || this.server.timers.any(run))
    if (run?.status === 'running' && !busy) this.broken(`${id} has ended, and its workflow runs on`)
    if (state.next !== undefined && !this.server.runs.has(state.next))
      this.broken(`${id} was to go on as ${state.next}, which is not there`)
  }

  private open({ id, state }: Kept, run: Run | undefined): void {
    if (run?.status !== 'running') return this.broken(`${id} is ${state.status}, and no workflow runs`)
    const told = run.instance && unequal(run.instance.query<OrderState>('order'), state)
    if (told) this.broken(`${id}: engine and record differ: ${told}`)
    const due = nextDue(state)
    if (due !== undefined && due + LATE <= this.server.now)
      this.broken(`${id}: what was due at ${due} has not been looked at by ${this.server.now}`)
    if (due !== undefined && !this.server.timers.has(run, due + LATE)) this.broken(`${id}: no timer fires by ${due}`)
    const stuck = Object.values(state.tasks).find((task) => !this.wayOn(state, run, task))
    if (stuck) this.broken(`${id}: ${stuck.id} is ${stuck.status}, and nobody does it: ${JSON.stringify(stuck)}`)
    const waiting = Object.entries(state.children).filter(([, { waits, end }]) => waits && end === undefined)
    for (const [child] of waiting) {
      const kept = this.database.orders.get(child)
      if (!kept) this.broken(`${id} waits for ${child}, which has never begun`)
      else if (kept.state.status === 'closed' && !this.busy(child)) this.broken(`${id} waits for ${child}, which has ended`)
    }
    for (const [child] of waiting) {
      const under = this.database.orders.get(child)?.state
      const deaf = under?.status === 'open' && !under.irreversible && under.released === undefined
      if (state.status === 'withdrawing' && deaf) this.broken(`${id} is being withdrawn, and ${child} under it has not heard of it`)
    }
    if (Object.keys(state.tasks).length + waiting.length + state.undo.length === 0)
      this.broken(`${id} is ${state.status}, and has no way on`)
    if (state.status === 'withdrawing' && waiting.length === 0 && run.activities.size === 0 && !this.server.timers.any(run))
      this.broken(`${id} is being withdrawn, and nothing is under way`)
  }

  /** It has still to try something again. */
  private busy(order: string): boolean {
    const run = this.server.runs.get(order)
    return run?.status === 'running' && this.server.timers.any(run)
  }

  /** Somebody is responsible for it, or the machine has it in hand. */
  private wayOn({ clocks }: OrderState, run: Run, task: Task): boolean {
    const { status, person, unit, queue, parties } = task
    if (parties) return Object.values(parties).some((party) => party.answer === undefined && party.person !== undefined)
    if (status === 'undispatched') return queue !== undefined
    if (status === 'child') return task.child !== undefined
    if (status === 'automatic')
      return (
        run.activities.size > 0 || this.server.timers.any(run) || clocks[`${task.id}/complete`] !== undefined || task.failed !== undefined
      )
    return person !== undefined || unit !== undefined
  }

  /** What an order held is free or used once its whole tree has ended. */
  private resources(): void {
    for (const { resource, order, state, until } of this.database.holds.all) {
      if (state === 'used' || (state === 'asked' && until >= this.server.now)) continue
      if (state === 'asked') continue
      // What is built waits for whoever switches it on, if need be in an order to come.
      if (this.database.orders.get(order)?.state.end === 'accepted') continue
      const top = this.database.orders.get(this.database.top(order))
      if (top?.state.status === 'closed' && this.database.orders.get(order)?.state.status === 'closed')
        this.broken(
          `${resource} is ${state} by ${order}, which has ended (${this.database.orders.get(order)?.state.end}) with ${top.id} (${top.state.end})`,
        )
    }
  }
}
