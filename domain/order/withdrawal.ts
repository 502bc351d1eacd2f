/** What the withdrawal of an order would close, undo and leave behind, over all the orders under it (catalogue 0.3 CAN). */
import type { Stays, UndoEntry } from './event.ts'
import type { ProcessSpec } from './spec.ts'
import type { OrderState } from './state.ts'

/** An order of the tree with its rules. */
export interface Member {
  spec: ProcessSpec
  state: OrderState
}

export interface Closing {
  order: string
  tasks: { task: string; step: string }[]
}

/** `after`: an order that first goes on to its own end; what it leaves undone is undone then. */
export type Undoing = UndoEntry & { order: string; after?: string }

/** A child that a withdrawal does not reach: it is past undoing, or has let the order above go on already. */
export interface GoingOn {
  order: string
  parent: string
  why: 'irreversible' | 'released'
}

export interface Withdrawal {
  closes: Closing[]
  /** The latest first. */
  undone: Undoing[]
  stays: Stays[]
  goesOn: GoingOn[]
  /** Roles of which one must agree; none named: any supervisor. */
  agree: readonly string[]
}

/**
 * Reckoned from the states alone, as the orders themselves will do it: each closes its tasks and undoes what it did, tells the children
 * that it waits for, and those that are past undoing go on to their end.
 *
 * @param orders the order and those under it, by id; a child that has not started yet is missing and simply does not start
 */
export function withdrawal(order: string, orders: ReadonlyMap<string, Member>): Withdrawal {
  const found: Pick<Withdrawal, 'closes' | 'stays' | 'goesOn'> = { closes: [], stays: [], goesOn: [] }
  const entries: Made[] = []
  const visited = new Set<string>()

  const keep = ({ stays = [] }: OrderState): void => {
    for (const one of stays) if (!found.stays.some((known) => same(known, one))) found.stays.push(one)
  }
  const visit = (id: string, after: string | undefined): void => {
    const member = orders.get(id)
    if (!member || visited.has(id)) return
    visited.add(id)
    const { state } = member
    keep(state)
    if (after === undefined) found.closes.push({ order: id, tasks: tasksOf(state) })
    entries.push(...undoingOf(state, after))
    for (const [child, ref] of Object.entries(state.children)) {
      const running = orders.get(child)?.state
      if (!ref.waits || !running || running.status === 'closed') continue
      // What is past undoing keeps what runs under it.
      const why = ref.end !== undefined ? 'released' : running.irreversible && after === undefined ? 'irreversible' : undefined
      if (why) found.goesOn.push({ order: child, parent: id, why })
      // A released child has handed up already what there is to undo; its own end is told to nobody.
      if (why === 'released') keep(running)
      else visit(child, why ? child : after)
    }
  }
  visit(order, undefined)
  const undone = entries
    .sort((a, b) => Number(a.after !== undefined) - Number(b.after !== undefined) || b.at - a.at)
    .map(({ at: _at, ...entry }): Undoing => entry)
  const agree = found.stays.length > 0 ? (orders.get(order)?.spec.withdrawal?.agree ?? []) : []
  return { ...found, undone, agree }
}

/** With the instant (epoch ms) at which it was made. */
type Made = Undoing & { at: number }

const same = (a: Stays, b: Stays): boolean => a.order === b.order && a.step === b.step && a.outcome === b.outcome

const tasksOf = ({ tasks }: OrderState): Closing['tasks'] =>
  Object.values(tasks)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, step }) => ({ task: id, step }))

/** An order undoes its own list from its end; beside those of other orders an entry stands at the instant at which it was made. */
function undoingOf(state: OrderState, after: string | undefined): Made[] {
  let latest = Number.POSITIVE_INFINITY
  return [...state.undo].reverse().map(({ effect, args, order = state.id, j }) => {
    latest = Math.min(latest, state.journal[j]?.at ?? state.at)
    return { effect, ...(args && { args }), order, ...(after !== undefined && { after }), at: latest }
  })
}
