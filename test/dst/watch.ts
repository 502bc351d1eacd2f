/** Looks at every move as it is written, with eyes of its own: what it finds it finds from the events alone. */
import { evolve, blank } from '../../domain/order/evolve.ts'
import { GENESIS } from '../../domain/order/hash.ts'
import type { OrderEvent } from '../../domain/order/event.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { eventOf, type KeptEvent } from '../../domain/order/verify/kept.ts'
import type { EventRow, Kept } from './record/database.ts'
import { unequal } from './unequal.ts'

/** What is known of an order from its events. */
interface Seen {
  state: OrderState
  seq: number
  hash: string
  closed: boolean
  /** Open tasks with who has accepted each. */
  open: Map<string, string | undefined>
  opened: Set<string>
  /** Latest percent that fired of each clock, and what is still to fire. */
  rungs: Map<string, { fired: number[]; left: Map<number, number> }>
  commands: Set<string>
  facts: Set<string>
  /** Who asks for more time on a task, and on which clock. */
  asking: Map<string, { clock: string; by: string }>
  children: Map<string, boolean>
  /** The state and the row when they were last found equal. */
  equal: readonly [OrderState, OrderState] | undefined
}

type OfExtension = Extract<OrderEvent, { type: 'extension-requested' | 'extension-denied' | 'limit-extended' | 'clock-stopped' }>

export class Watch {
  private readonly seen = new Map<string, Seen>()
  private readonly broken: (what: string) => void

  constructor(broken: (what: string) => void) {
    this.broken = broken
  }

  /** The events that a transaction added, and the state that it wrote. */
  moved(kept: Kept, added: readonly EventRow[]): void {
    let seen = this.seen.get(kept.id)
    if (!seen) this.seen.set(kept.id, (seen = fresh(kept.id)))
    for (const row of added) {
      const fail = (what: string) => this.broken(`${kept.id}, event ${row.seq} (${row.type}): ${what}`)
      if (seen.closed) fail('the order had ended')
      if (row.seq !== seen.seq + 1) fail(`follows event ${seen.seq}`)
      if (row.prev_hash !== seen.hash) fail('names another predecessor')
      const event = eventOf(row as KeptEvent)
      this.follow(seen, event, fail)
      seen.state = evolve(seen.state, event, row.hash)
      seen.seq = row.seq
      seen.hash = row.hash
    }
    const fail = (what: string) => this.broken(`${kept.id} at ${kept.seq}: ${what}`)
    if (kept.seq !== seen.seq || kept.hash !== seen.hash) fail(`the order's row is not at event ${seen.seq}`)
    const difference = unequal(seen.state, kept.state, seen.equal?.[0], seen.equal?.[1])
    if (difference) fail(`the state is not the fold of the events: ${difference}`)
    seen.equal = [seen.state, kept.state]
    this.stands(seen, kept.state, fail)
  }

  /** Compares every state whole, whether it was touched or not. */
  whole(orders: Iterable<Kept>): void {
    for (const { id, state } of orders) {
      const difference = unequal(this.seen.get(id)?.state, state)
      if (difference) this.broken(`${id}: the state is not the fold of the events: ${difference}`)
    }
  }

  private follow(seen: Seen, event: OrderEvent, fail: (what: string) => void): void {
    if (event.cmd !== undefined) {
      if (seen.commands.has(event.cmd)) fail(`the command ${event.cmd} took effect twice`)
      seen.commands.add(event.cmd)
    }
    switch (event.type) {
      case 'task-opened':
        if (seen.opened.has(event.data.task)) fail(`${event.data.task} was opened before`)
        seen.opened.add(event.data.task)
        seen.open.set(event.data.task, undefined)
        break
      case 'task-accepted': {
        const { task } = event.data
        const holder = seen.open.get(task)
        const by = event.actor.for ?? event.actor.id
        if (!seen.open.has(task)) fail(`${task} is not open`)
        if (holder !== undefined) fail(`${task} has a holder already, ${holder}, and ${by} takes it`)
        seen.open.set(task, by)
        break
      }
      case 'task-offered':
        if (event.data.party === undefined) this.goesTo(seen, event.data.task, event.data.held ? event.data.person : undefined)
        break
      case 'task-queued':
        if (event.data.party === undefined) seen.asking.delete(event.data.task)
        break
      case 'task-refused':
      case 'task-returned':
      case 'task-rerouted':
      case 'task-dispatched':
      case 'task-reassigned':
      case 'offer-expired':
        if (seen.open.has(event.data.task)) this.goesTo(seen, event.data.task, undefined)
        else fail(`${event.data.task} is not open`)
        break
      case 'task-completed':
      case 'task-cancelled':
        if (!seen.open.delete(event.data.task)) fail(`${event.data.task} is not open`)
        seen.asking.delete(event.data.task)
        for (const clock of seen.rungs.keys()) if (clock.startsWith(`${event.data.task}/`)) seen.rungs.delete(clock)
        break
      case 'clock-set': {
        const { clock, rungs } = event.data
        // One that was dropped meanwhile begins anew.
        const fired = seen.state.clocks[clock] ? (seen.rungs.get(clock)?.fired ?? []) : []
        seen.rungs.set(clock, { fired, left: new Map(rungs) })
        break
      }
      case 'rung-fired':
        this.fired(seen, event, fail)
        break
      case 'extension-requested':
      case 'extension-denied':
      case 'limit-extended':
      case 'clock-stopped':
        this.asked(seen, event, fail)
        break
      case 'fact-received': {
        const fact = `${event.data.kind} ${event.data.id}`
        if (seen.facts.has(fact)) fail(`${fact} counted twice`)
        seen.facts.add(fact)
        break
      }
      case 'child-started':
        if (seen.children.has(event.data.child)) fail(`${event.data.child} was started before`)
        seen.children.set(event.data.child, false)
        break
      case 'child-ended':
        if (seen.children.get(event.data.child) !== false) fail(`${event.data.child} had ended, or never began`)
        seen.children.set(event.data.child, true)
        break
      case 'order-closed':
        seen.closed = true
        break
      case 'order-stopped':
        fail(event.data.message)
        break
      default:
    }
  }

  /** Somebody else has the task, or nobody: what its holder asked for is asked for no longer. */
  private goesTo(seen: Seen, task: string, holder: string | undefined): void {
    seen.open.set(task, holder)
    seen.asking.delete(task)
  }

  /** More time is asked for once at a time, by the holder, and given or denied by somebody else. */
  private asked(seen: Seen, { type, data, actor }: OfExtension, fail: (what: string) => void): void {
    const own = (task: string) => [seen.open.get(task), seen.asking.get(task)?.by].includes(actor.id)
    if (type === 'extension-requested') {
      if (seen.asking.has(data.task)) fail(`more time for ${data.task} is asked for twice`)
      if (seen.open.get(data.task) !== (actor.for ?? actor.id)) fail(`${actor.id} asks for more time and does not hold ${data.task}`)
      seen.asking.set(data.task, { clock: data.clock, by: actor.id })
      return
    }
    const { clock, task } = { task: undefined, ...data }
    if (task !== undefined && seen.asking.get(task)?.clock !== clock) fail(`${task} is answered and did not ask`)
    for (const [id, asked] of seen.asking) {
      if (type === 'extension-denied' ? id !== task : asked.clock !== clock) continue
      if (type !== 'clock-stopped' && own(id)) fail(`${actor.id} answers his own request for ${id}`)
      seen.asking.delete(id)
    }
  }

  private fired(seen: Seen, { data, at }: Extract<OrderEvent, { type: 'rung-fired' }>, fail: (what: string) => void): void {
    const rung = `${data.clock} ${data.pct} %`
    const clock = seen.rungs.get(data.clock)
    const due = clock?.left.get(data.pct)
    if (clock?.fired.includes(data.pct)) fail(`${rung} fired twice`)
    if (!clock || due === undefined) return fail(`${rung} was not to fire`)
    if (due !== data.due || data.late !== at - due) fail(`${rung} was due at ${due}, not ${data.due}, and is ${data.late} late at ${at}`)
    if (at < due) fail(`${rung} fires before it is due`)
    const earlier = [...clock.left].find(([pct, instant]) => pct < data.pct && instant <= due)
    if (earlier) fail(`${rung} fires before ${earlier[0]} %`)
    clock.left.delete(data.pct)
    clock.fired.push(data.pct)
  }

  /** What must be so of a state between moves. */
  private stands(seen: Seen, state: OrderState, fail: (what: string) => void): void {
    const open = Object.keys(state.tasks)
    if (open.length !== seen.open.size && state.status !== 'closed')
      fail(`${open.length} tasks are open, the events leave ${seen.open.size}`)
    for (const task of Object.values(state.tasks)) {
      const asks = state.status === 'closed' ? undefined : seen.asking.get(task.id)?.clock
      if (task.extensionAsked?.clock !== asks)
        fail(`${task.id} asks for more time on ${task.extensionAsked?.clock}, by the events on ${asks}`)
      const holder = seen.open.get(task.id)
      if (task.status === 'accepted' && !task.person) fail(`${task.id} is accepted by nobody`)
      if (task.status === 'accepted' && holder !== task.person) fail(`${task.id} is held by ${task.person}, by the events by ${holder}`)
      if (task.status !== 'accepted' && holder !== undefined && !task.parties)
        fail(`${task.id} was taken by ${holder} and is ${task.status}`)
    }
    for (const clock of Object.values(state.clocks)) {
      if (clock.used < 0) fail(`${clock.clock} has used ${clock.used}`)
      if (clock.task !== undefined && !state.tasks[clock.task]) fail(`${clock.clock} has no task`)
    }
    if (state.status === 'closed' && open.length > 0) fail('has ended with open tasks')
  }

  state(id: string): OrderState | undefined {
    return this.seen.get(id)?.state
  }
}

const fresh = (id: string): Seen => ({
  state: blank(id),
  seq: 0,
  hash: GENESIS,
  closed: false,
  open: new Map(),
  opened: new Set(),
  rungs: new Map(),
  commands: new Set(),
  facts: new Set(),
  asking: new Map(),
  children: new Map(),
  equal: undefined,
})
