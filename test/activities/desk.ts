/** One order driven by hand: the real machine and the real recorder, with a clock that the test moves. */
import { specOf } from '../../domain/processes/index.ts'
import type pg from 'pg'
import { createActivities } from '../../activities/index.ts'
import type { Activities, Move, Recorded } from '../../activities/types.ts'
import type { Command, CommandBody } from '../../domain/order/command.ts'
import type { Actor, OpenedData, OrderEvent } from '../../domain/order/event.ts'
import { blank, evolve } from '../../domain/order/evolve.ts'
import { firstBreak } from '../../domain/order/hash.ts'
import type { Fact } from '../../domain/order/spec.ts'
import type { OrderState, Task } from '../../domain/order/state.ts'
import { type Input, Machine } from '../../workflows/kit/machine.ts'
import type { Process } from '../../workflows/kit/process.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
/** Monday, 5 January 2026, 09:00 in China. */
export const MONDAY = Date.UTC(2026, 0, 5, 1)

const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
export const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Makes the staff of the demo data present, whatever the day on which the tests run. */
export const everybodyPresent = (pool: pg.Pool) => pool.query('DELETE FROM delegation; DELETE FROM absence')

/** A fault of a service in Nanjing, with the facts that the start of an order would add. */
export async function faultAbout(pool: pg.Pool, group = 'bandwidth', more: Record<string, Fact> = {}) {
  const { rows } = await pool.query(
    `SELECT s.id, s.customer_id, s.region_path, s.site_id, s.circuit_grade, p.id AS product, p.product_group, p.skill, c.grade, c.tags
     FROM service s JOIN product p ON p.id = s.product_id JOIN customer c ON c.id = s.customer_id
     WHERE p.product_group = $1 AND s.site_id IS NOT NULL AND s.region_path LIKE '/cn/js/nj/%' ORDER BY p.vendor_unit_id NULLS FIRST, s.id LIMIT 1`,
    [group],
  )
  const s = rows[0]
  const facts: Record<string, Fact> = {
    service: s.id,
    product: s.product,
    productGroup: s.product_group,
    skill: s.skill,
    customerGrade: s.grade,
    site: s.site_id,
    symptom: 'loss of signal',
    reporter: 'Mr Li',
    source: '10000+9',
    ...(s.circuit_grade && { circuitGrade: s.circuit_grade }),
    ...(s.tags.length > 0 && { tags: s.tags }),
    ...more,
  }
  return { customer: s.customer_id as string, region: s.region_path as string, facts }
}

export class Desk {
  now: number
  readonly machine: Machine
  readonly moves: Move[] = []
  readonly answers: Recorded[] = []
  readonly activities: Activities
  private readonly pool: pg.Pool
  private readonly process: Process
  private commands = 0

  constructor(pool: pg.Pool, process: Process, id: string, options: { now?: number; email?: boolean } = {}) {
    this.pool = pool
    this.process = process
    this.now = options.now ?? MONDAY
    this.machine = new Machine(process, id, drain)
    this.activities = createActivities({
      pool,
      logger: silent,
      email: options.email ?? false,
      specOf: (name) => (name === process.spec.id ? process.spec : specOf(name)),
    })
  }

  get state(): OrderState {
    return this.machine.state
  }

  async open(
    opened: Partial<OpenedData> & { facts?: Record<string, Fact> } = {},
    actor: Actor = { kind: 'person', id: 'st-022' },
  ): Promise<OrderState> {
    const data = {
      process: this.process.spec.id,
      customer: 'cu-001',
      title: 'no light',
      region: '/cn/js/nj/gulou',
      priority: 2,
      facts: {},
      ...opened,
    }
    return this.give({ kind: 'open', opened: data, actor: { kind: actor.kind, id: actor.id }, cmd: `open ${this.state.id}`, req: 'r0' })
  }

  /** A command of a member of staff, with the roles and units that the record says he has. */
  async act(person: string, body: CommandBody, more: Partial<Actor> = {}): Promise<OrderState> {
    const { rows } = await this.pool.query(
      'SELECT array_agg(DISTINCT role) AS roles, array_agg(DISTINCT unit_id) AS units FROM staff_role WHERE staff_id = $1',
      [person],
    )
    const actor: Actor = { kind: 'person', id: person, roles: rows[0].roles ?? [], units: rows[0].units ?? [], ...more }
    const command = { ...body, id: `c${++this.commands}`, actor } as Command
    return this.give({ kind: 'command', command, req: `r${this.commands}` })
  }

  /** Lets time pass and the clock look. */
  async tick(ms: number): Promise<OrderState> {
    this.now += ms
    return this.give({ kind: 'tick' })
  }

  async give(input: Input): Promise<OrderState> {
    const move = await this.machine.advance(input, this.now)
    if (move) await this.record(move)
    return this.state
  }

  async record(move: Move): Promise<void> {
    const recorded = await this.activities.record(move)
    this.moves.push(move)
    this.answers.push(recorded)
    this.machine.planned(recorded)
  }

  /** The open task of a step. */
  task(step: string): Task {
    const found = Object.values(this.state.tasks).find((task) => task.step === step)
    if (!found) throw new Error(`${step} is not open; open: ${Object.keys(this.state.tasks).join(', ')}`)
    return found
  }

  /** Somebody who may do a task now. */
  async holder(step: string): Promise<string> {
    const { person, unit } = this.task(step)
    if (person !== undefined) return person
    const who = this.task(step).roles ?? this.process.spec.steps[step]!.who
    const { rows } = await this.pool.query('SELECT staff_id FROM staff_role WHERE unit_id = $1 AND role = ANY($2) ORDER BY 1 LIMIT 1', [
      unit,
      who,
    ])
    if (!rows[0]) throw new Error(`nobody holds ${step}`)
    return rows[0].staff_id
  }

  /** Does a step with an outcome, as whoever is asked. */
  async do(step: string, outcome: string, form: Record<string, Fact> = {}, minutes = 1): Promise<OrderState> {
    this.now += minutes * MINUTE
    const { id, status } = this.task(step)
    const spec = this.process.spec.steps[step]!
    const person = await this.holder(step)
    if (outcome === spec.acceptIs) return this.act(person, { type: 'accept', task: id })
    if (outcome === spec.refuseIs) return this.act(person, { type: 'refuse', task: id, reason: 'no parts' })
    if (status !== 'accepted' && !spec.implicitAccept) await this.act(person, { type: 'accept', task: id })
    return this.act(person, { type: 'complete', task: id, outcome, ...(Object.keys(form).length > 0 && { form }) })
  }

  /** Data of the latest planned events of one type. */
  planned<T extends OrderEvent['type']>(type: T): Extract<OrderEvent, { type: T }>['data'][] {
    return (this.answers.at(-1)?.plan ?? []).filter((event) => event.type === type).map((event) => event.data as never)
  }

  rows<T = any>(sql: string, ...values: unknown[]): Promise<T[]> {
    return this.pool.query(sql, [this.state.id, ...values]).then(({ rows }) => rows as T[])
  }
}

/** The record's events: the chain is whole, and their fold is the state that the record keeps. */
export async function historyOf(
  pool: pg.Pool,
  order: string,
): Promise<{ events: OrderEvent[]; folded: OrderState; kept: OrderState; breakAt: number }> {
  const { rows } = await pool.query('SELECT * FROM order_event WHERE order_id = $1 ORDER BY seq', [order])
  const links = rows.map((row) => ({
    prevHash: row.prev_hash as string,
    hash: row.hash as string,
    event: {
      seq: row.seq,
      at: row.at.getTime(),
      actor: { kind: row.actor_kind, id: row.actor_id, ...(row.on_behalf_of !== null && { for: row.on_behalf_of }) },
      type: row.type,
      data: row.data,
      ...(row.cmd !== null && { cmd: row.cmd }),
    },
  }))
  const events = links.map(({ event }) => event)
  const folded = events.reduce((state, event) => evolve(state, event), blank(order))
  const { rows: orders } = await pool.query('SELECT state FROM orders WHERE id = $1', [order])
  return { events, folded, kept: orders[0]?.state, breakAt: firstBreak(links) }
}
