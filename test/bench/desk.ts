/** The staff of a measurement: reads an order's next step from the record, and does it over HTTP. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { newSecret, secretHash } from '../../api/auth/tokens.ts'
import type { CommandBody } from '../../domain/order/command.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { specOf } from '../../domain/processes/index.ts'
import { example } from '../support/simulator.ts'
import type { Servers } from './servers.ts'

export interface Action {
  by: string
  command: CommandBody
}

export class Desk {
  private readonly tokens = new Map<string, string>()
  private readonly api: string
  private readonly pool: pg.Pool

  constructor({ api, pool }: Pick<Servers, 'api' | 'pool'>) {
    this.api = api
    this.pool = pool
  }

  /** A session for everybody, without the cost of passwords. */
  async open(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>('select id from staff where active')
    for (const { id } of rows) {
      const secret = newSecret()
      this.tokens.set(id, secret)
      await this.pool.query(
        `insert into session (token_hash, staff_id, kind, created_at, expires_at, last_seen_at) values ($1, $2, 'bearer', now(), now() + interval '1 day', now())`,
        [secretHash(secret), id],
      )
    }
  }

  /** With which somebody says who asks. */
  identity(by: string): { authorization: string } {
    return { authorization: `Bearer ${this.tokens.get(by)}` }
  }

  /** @throws Error with the answer where it is not a success. */
  async post(by: string, path: string, body: unknown): Promise<{ order: string }> {
    const response = await fetch(`${this.api}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.tokens.get(by)}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status} ${path}: ${text}`)
    if (response.status === 202) await this.recorded(by, new URL(response.headers.get('location') ?? '', this.api))
    return JSON.parse(text) as { order: string }
  }

  /** Until what was accepted is recorded. @throws Error where it is not within a minute */
  private async recorded(by: string, location: URL): Promise<void> {
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(200)) {
      const response = await fetch(location, { headers: this.identity(by) })
      if (response.ok) return
    }
    throw new Error(`accepted, and not recorded: ${location.href}`)
  }

  give(order: string, { by, command }: Action): Promise<{ order: string }> {
    return this.post(by, `/orders/${order}/commands`, command)
  }

  async state(order: string): Promise<OrderState> {
    const { rows } = await this.pool.query<{ state: OrderState }>('select state from orders where id = $1', [order])
    return rows[0]!.state
  }

  /** What the person asked would do next, or nothing when the order has ended or waits for others. */
  async next(order: string): Promise<Action | undefined> {
    const state = await this.state(order)
    const spec = specOf(state.process)
    for (const task of Object.values(state.tasks)) {
      const step = spec.steps[task.step]!
      if (task.parties) {
        for (const [party, { person, answer }] of Object.entries(task.parties)) {
          const answers = step.joint?.parties.find(({ id }) => id === party)?.answers
          if (person && answer === undefined && answers)
            return { by: person, command: { type: 'sign', task: task.id, party, answer: answers[0]! } }
        }
        continue
      }
      const by = task.person ?? (await this.member(task.unit, task.roles ?? step.who))
      if (!by) continue
      if (task.status === 'offered' && !step.implicitAccept) return { by, command: { type: 'accept', task: task.id } }
      if (task.status !== 'accepted' && task.status !== 'offered') continue
      const [outcome, { form }] = preferred(step.outcomes)
      const required = Object.fromEntries(Object.entries(form ?? {}).filter(([, field]) => field.required))
      return { by, command: { type: 'complete', task: task.id, outcome, form: example(required, Date.now()) } }
    }
    return undefined
  }

  private async member(unit: string | undefined, roles: readonly string[]): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ id: string }>(
      'select s.id from staff s join staff_role r on r.staff_id = s.id where r.unit_id = $1 and r.role = any($2) and s.active order by s.id limit 1',
      [unit, roles],
    )
    return rows[0]?.id
  }
}

/** The way that leads on: no compensation, no second round. */
function preferred<T>(outcomes: Readonly<Record<string, T>>): [string, T] {
  const entries = Object.entries(outcomes)
  return entries.find(([id]) => id === 'no') ?? entries[0]!
}
