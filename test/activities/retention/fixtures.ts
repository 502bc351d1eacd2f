/** Customers, what is seen of them, and orders, as plain rows. */
import type pg from 'pg'
import { doAutomatic } from '../../../activities/automatic/index.ts'
import { checkForm } from '../../../domain/order/form.ts'
import type { Fact } from '../../../domain/order/spec.ts'
import { specOf } from '../../../domain/processes/index.ts'
import { type Profile, valueClassOf } from '../../../domain/retention/profile.ts'
import { expect } from 'vitest'

/** Monday, 2 November 2026, in China. */
export const AT = Date.parse('2026-11-02T02:00:00Z')
export const DAY = 86_400_000

export class Fixtures {
  private readonly pool: pg.Pool
  private made = 0
  constructor(pool: pg.Pool) {
    this.pool = pool
  }

  /** Nobody but the test's own customers is looked at. */
  async clear(): Promise<void> {
    await this.pool.query("UPDATE customer SET status = 'left'")
  }

  async customer(
    more: { region?: string; manager?: string | null; status?: string; monthlyCharge?: number; profile?: Partial<Profile> | null } = {},
  ): Promise<string> {
    const { region = '/cn/js/nj/gulou', manager = 'm1', status = 'active', monthlyCharge = 5_000 } = more
    const id = `rc-${String(++this.made).padStart(3, '0')}`
    await this.pool.query(
      `INSERT INTO customer (id, no, name_zh, name_en, grade, region_path, account_manager_id, status) VALUES ($1, $1, $1, $1, 'local-b', $2, $3, $4)`,
      [id, region, manager, status],
    )
    if (more.profile !== null) {
      const profile = {
        tenureMonths: 10,
        contract: 'one-year',
        payment: 'credit-card',
        flags: [],
        monthlyCharge,
        totalCharge: 10 * monthlyCharge,
        ...more.profile,
      }
      await this.profile(id, { ...profile, valueClass: valueClassOf(profile.monthlyCharge) } as Profile)
    }
    return id
  }

  async profile(id: string, p: Profile): Promise<void> {
    await this.pool.query(
      `INSERT INTO customer_profile (customer_id, tenure_months, contract, payment, flags, monthly_charge, total_charge, value_class, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())`,
      [id, p.tenureMonths, p.contract, p.payment, p.flags, p.monthlyCharge, p.totalCharge, p.valueClass],
    )
  }

  async charges(id: string, months: Readonly<Record<string, number>>): Promise<void> {
    await this.pool.query('INSERT INTO customer_charge SELECT $1, key, value::bigint FROM jsonb_each_text($2::jsonb)', [
      id,
      JSON.stringify(months),
    ])
  }

  async seen(id: string, kind: string, daysAgo: number, value: string | null = null, at = AT): Promise<void> {
    await this.pool.query('INSERT INTO customer_signal VALUES ($1, $2, $3, $4)', [id, kind, new Date(at - daysAgo * DAY), value])
  }

  async manager(id: string, capacity: number | null = null): Promise<void> {
    await this.pool.query(
      `INSERT INTO staff (id, login, name_zh, name_en, password_hash, unit_id, region_path, capacity) VALUES ($1, $1, $1, $1, 'x', 'nj-kac', '/cn/js/nj', $2)`,
      [id, capacity],
    )
  }

  /** An order as a plain row. */
  async order(
    id: string,
    process: string,
    more: {
      customer?: string
      region?: string
      facts?: object
      at?: number
      closedAt?: number
      startedBy?: string
      journal?: object[]
    } = {},
  ): Promise<string> {
    const { customer = null, region = '/cn/js', facts = {}, at = AT, closedAt, startedBy = null, journal = [] } = more
    await this.pool.query(
      `INSERT INTO orders (id, process, status, "end", customer_id, region_path, title, priority, seq, hash, state, opened_at, closed_at, started_by, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, 't', 3, 1, 'h', $7, $8, $9, $10, now())`,
      [
        id,
        process,
        closedAt === undefined ? 'open' : 'closed',
        closedAt === undefined ? null : 'kept',
        customer,
        region,
        JSON.stringify({ facts, journal }),
        new Date(at),
        closedAt === undefined ? null : new Date(closedAt),
        startedBy,
      ],
    )
    return id
  }

  /** A step, done twice as after a lost answer: both say the same, and the specification takes it. */
  async step(order: string, process: string, step: string, facts: Record<string, Fact> = {}, at = AT) {
    const input = { order, task: step, process, step, facts, at }
    const first = await doAutomatic(this.pool, input)
    expect(await doAutomatic(this.pool, input)).toEqual(first)
    const outcome = specOf(process).steps[step]?.outcomes[first.outcome ?? '']
    expect(outcome, `${step}=${first.outcome}`).toBeDefined()
    expect(() => checkForm(outcome!.form ?? {}, first.form ?? {})).not.toThrow()
    return first
  }

  /** A whole detection run over a region. */
  async run(id: string, more: { process?: string; step?: string; region?: string; at?: number } = {}) {
    const { process = 'retention', step = 'detect-pre-churn', region = '/cn/js', at = AT } = more
    await this.order(id, process, { region, at, facts: { entry: 'run' } })
    return this.step(id, process, step, { entry: 'run' }, at)
  }

  /** Customer and `opened` or why not. */
  async alarms(run: string): Promise<[string, string][]> {
    const { rows } = await this.pool.query<{ customer_id: string; said: string }>(
      `SELECT customer_id, coalesce(why, state) AS said FROM retention_alarm WHERE run_id = $1 ORDER BY id`,
      [run],
    )
    return rows.map(({ customer_id: customer, said }) => [customer, said])
  }
}
