/** A model of Postgres: the tables that moves write, and the statements by which the recorder reads them. */
import type { OrderEvent } from '../../../domain/order/event.ts'
import type { OrderState } from '../../../domain/order/state.ts'
import type { Part, Statement } from '../../../activities/write.ts'
import { Holds } from './holds.ts'
import { byRole, CITY, personRow } from './people.ts'
import { allRules } from './reference.ts'

type Json = Record<string, unknown>

/** A move as its transaction wrote it. */
export interface Written {
  base: number
  order: Json
  parts: readonly Part[]
  statements: readonly Statement[]
}

export interface Kept {
  id: string
  seq: number
  hash: string
  state: OrderState
  /** Of the opening. */
  parent: string | undefined
  startedBy: string | undefined
  moves: Written[]
  events: EventRow[]
  /** Commands with the version that each led to. */
  commands: Map<string, number>
}

export interface EventRow {
  seq: number
  move_seq: number
  type: OrderEvent['type']
  data: OrderEvent['data']
  actor_kind: string
  actor_id: string
  on_behalf_of: string | null
  at: string
  cmd: string | null
  prev_hash: string
  hash: string
}

export const CUSTOMERS = ['c1', 'c2', 'c3', 'c4', 'c5']
const customer = (id: string) =>
  CUSTOMERS.includes(id)
    ? {
        grade: id === 'c1' ? 'A' : 'B',
        tags: ['key-account'],
        accountManager: `account-manager-${id === 'c2' ? 2 : 1}`,
        contact: `k-${id}`,
      }
    : null

export const SERVICES = ['s1', 's2']
const service = (id: unknown) =>
  id === 's1' || id === 's2'
    ? { id, product: 'p1', productGroup: 'data', circuitGrade: id === 's1' ? 'A' : null, vendorUnit: id === 's2' ? 'u-vendor' : null }
    : null

const constraint = (name: string) => Object.assign(new Error(`violates ${name}`), { code: '23505', constraint: name })

export class Database {
  readonly orders = new Map<string, Kept>()
  readonly holds = new Holds(this)
  private readonly sources = new Map<string, string>()
  private readonly loads = new Map<string, number>()
  private readonly tasks = new Map<string, string>()
  private numbers = 0
  /** Called with what a transaction has written. */
  onWritten: (order: Kept, move: Written) => void = () => {}

  /** The topmost order that waits for this one. */
  top(order: string): string {
    let at = order
    for (let parent = this.orders.get(at)?.parent; parent !== undefined; parent = this.orders.get(at)?.parent) at = parent
    return at
  }

  isUnder(order: string, above: string): boolean {
    for (let at = this.orders.get(order)?.parent; at !== undefined; at = this.orders.get(at)?.parent) if (at === above) return true
    return false
  }

  /** Rows of a statement of the recorder, by its name. */
  read({ name, text, values }: { name?: string; text: string; values: readonly unknown[] }): object[] {
    switch (name) {
      case 'recorder-read':
        return [this.stands(String(values[0]))]
      case 'recorder-recorded':
        return this.recorded(String(values[0]), Number(values[1]))
      case 'recorder-place': {
        const known = customer(String(values[0]))
        const parent = this.orders.get(String(values[1]))
        if (!known || parent?.state.customer === values[0]) return []
        return [{ region: CITY, facts: { customerGrade: known.grade, tags: known.tags, accountManager: known.accountManager } }]
      }
      case 'recorder-facts':
        return [this.facts(JSON.parse(String(values[0])) as Wanted, (values[1] as Date).getTime())]
      case 'recorder-rule':
        return allRules.filter(({ kind, id }) => kind === values[0] && id === values[1])
      default: {
        const other = /FROM orders WHERE source_channel/.test(text) ? this.sources.get(values.join(' ')) : undefined
        return other === undefined ? [] : [{ id: other }]
      }
    }
  }

  private stands(id: string): object {
    const kept = this.orders.get(id)
    const about = kept && customer(kept.state.customer)
    const { grade, tags } = about ?? {}
    const of = kept && service(kept.state.facts.service)
    const known = of && {
      id: of.id,
      product: of.product,
      productGroup: of.productGroup,
      ...(of.circuitGrade && { circuitGrade: of.circuitGrade }),
    }
    return {
      version: '1',
      seq: kept?.seq ?? null,
      hash: kept?.hash ?? null,
      state: kept?.state ?? null,
      customer: about ? { grade, tags } : null,
      service: known ?? null,
    }
  }

  private recorded(id: string, own: number): EventRow[] {
    const events = this.orders.get(id)?.events ?? []
    const { move_seq: move } = events[own - 1] ?? {}
    return events.slice(own - 1).filter((event) => event.move_seq === move)
  }

  private facts(wanted: Wanted, now: number): object {
    const ids = new Set(wanted.people)
    for (const role of wanted.roles) for (const { id } of byRole.get(role) ?? []) ids.add(id)
    for (const unit of wanted.units) for (const { id } of byRole.get(unit.slice(2)) ?? []) ids.add(id)
    for (const id of [...ids]) if (id.endsWith('-2')) ids.add(`${id.slice(0, -1)}3`)
    const holders = wanted.holders.flatMap((role) => {
      const staff = (byRole.get(role) ?? []).map(({ id }) => id)
      return staff.length > 0 ? [{ role, unit: `u-${role}`, region: '/cn/js', staff }] : []
    })
    return {
      people: [...ids].sort().flatMap((id) => personRow(id, now, this.loads.get(id) ?? 0) ?? []),
      holders,
      customer: customer(wanted.customer),
      service: service(wanted.service),
      contract: null,
      number: wanted.numbered === undefined ? null : String(++this.numbers),
    }
  }

  /** The statement that writes a move. @returns false where the order does not stand there: then nothing is written */
  write(
    move: { order: string; base: number; prev: string },
    order: Json,
    parts: readonly Part[],
    statements: readonly Statement[],
  ): boolean {
    const kept = this.orders.get(move.order)
    if (move.base === 0 ? kept !== undefined : kept?.seq !== move.base || kept.hash !== move.prev) return false
    const source = order.source_no === null || move.base > 0 ? undefined : `${String(order.source_channel)} ${String(order.source_no)}`
    if (source !== undefined) {
      if (this.sources.has(source)) throw constraint('orders_source')
      this.sources.set(source, move.order)
    }
    const now: Kept = kept ?? {
      id: move.order,
      seq: 0,
      hash: '',
      state: order.state as OrderState,
      parent: (order.parent_id as string | null) ?? undefined,
      startedBy: (order.started_by as string | null) ?? undefined,
      moves: [],
      events: [],
      commands: new Map(),
    }
    this.orders.set(move.order, now)
    const written = { base: move.base, order, parts, statements }
    now.moves.push(written)
    for (const { table, rows } of parts) {
      if (table === 'order_event') for (const row of rows) now.events.push(row as unknown as EventRow)
      if (table === 'order_command') for (const row of rows) this.remember(now, String(row.command_id), Number(row.seq))
      if (table === 'task')
        for (const row of rows) this.weigh(`${move.order} ${String(row.task)}`, row.closed_at === null ? row.person_id : null)
    }
    now.seq = Number(order.seq)
    now.hash = String(order.hash)
    now.state = order.state as OrderState
    for (const { name, param } of statements) this.do(move.order, name, param as { ids: string[]; named: string[] })
    this.onWritten(now, written)
    return true
  }

  private remember({ commands }: Kept, command: string, seq: number): void {
    if (commands.has(command)) throw constraint('order_command_pkey')
    commands.set(command, seq)
  }

  private do(order: string, name: string, { ids, named }: { ids: string[]; named: string[] }): void {
    if (name === 'hold_taken') this.holds.reserve(order, ids)
    if (name === 'hold_used') this.holds.use(order, named)
    if (name === 'hold_freed') this.holds.free(order, true)
  }

  /** Open tasks of each person. */
  private weigh(task: string, person: unknown): void {
    const was = this.tasks.get(task)
    if (was !== undefined) this.loads.set(was, (this.loads.get(was) ?? 1) - 1)
    if (typeof person === 'string') {
      this.tasks.set(task, person)
      this.loads.set(person, (this.loads.get(person) ?? 0) + 1)
    } else this.tasks.delete(task)
  }
}

interface Wanted {
  roles: readonly string[]
  people: readonly string[]
  units: readonly string[]
  holders: readonly string[]
  customer: string
  service: string | null
  numbered?: string
}
