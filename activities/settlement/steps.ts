/** What the settlements' automatic steps do (P-57 to P-61), by `process/step`. Each may run twice; the second run finds what the first did. */
import { ApplicationFailure } from '@temporalio/common'
import type pg from 'pg'
import type { Fact } from '../../domain/order/spec.ts'
import { findRun, openRun, type RunToOpen } from '../../prisma/settlement/runs.ts'
import { never } from '../errors.ts'
import type { AutomaticInput, AutomaticResult } from '../types.ts'
import { bankSteps } from './at-bank.ts'
import { type Billed, closeRun, computeBills } from './bills.ts'
import { choose } from './choose.ts'
import { bookEvent, catchEvent, checkEvent, computeEvent } from './events.ts'
import { extract } from './extract.ts'
import { computeLines } from './lines.ts'
import type { Difference } from '../../prisma/settlement/differences.ts'
import { paidOut, recompute, replaceBills } from './rerun.ts'
import { named, noPulse, type Pulse } from './shared.ts'

type Step = (pool: pg.Pool, input: AutomaticInput, pulse?: Pulse) => Promise<AutomaticResult>
type Facts = AutomaticInput['facts']

/** How long until data that are not there are looked for again. */
const AGAIN = '5 minutes'
/** As many as an event should carry; the record has all. */
const MOST_NAMES = 400

const text = (facts: Facts, name: string): string => {
  const value = facts[name]
  if (typeof value !== 'string' || value === '') throw never('FACT_MISSING', `the order has no ${name}`)
  return value
}
const maybe = (value: Fact | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const list = (value: Fact | undefined): string[] => (Array.isArray(value) ? (value as string[]) : [])

const later = (type: string, message: string) => ApplicationFailure.create({ type, message, nonRetryable: false, nextRetryDelay: AGAIN })

async function departmentOf(pool: pg.Pool, agent: string): Promise<string> {
  const { rows } = await pool.query<{ department: string }>('SELECT department_id AS department FROM agent WHERE id = $1', [agent])
  if (!rows[0]) throw never('NO_AGENT', `there is no agent ${agent}`)
  return rows[0].department
}

async function starter(pool: pg.Pool, order: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ by: string | null }>('SELECT started_by AS by FROM orders WHERE id = $1', [order])
  return rows[0]?.by ?? undefined
}

/** The run that keeps another one from being opened. */
async function holder(pool: pg.Pool, { department, agent, period, kind }: RunToOpen): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT r.id FROM settlement_run r LEFT JOIN settlement_bill b ON b.run_no = r.no AND b.agent_id = $4 AND b.state <> 'void'
      WHERE r.department_id = $1 AND r.period = $2 AND r.kind = $3 AND r.state <> 'stopped' AND (CASE WHEN $4::text IS NULL THEN r.origin = 'unified'
        ELSE r.agent_id = $4 OR b.id IS NOT NULL END) ORDER BY r.opened_at LIMIT 1`,
    [department, period, kind, agent ?? null],
  )
  return rows[0]?.id ?? ''
}

const open =
  (single: boolean): Step =>
  async (pool, { order, facts, at }) => {
    const agent = single ? text(facts, 'agent') : undefined
    const department = agent === undefined ? text(facts, 'department') : await departmentOf(pool, agent)
    const by = await starter(pool, order)
    const run: RunToOpen = {
      order,
      department,
      period: text(facts, 'period'),
      kind: text(facts, 'kind'),
      at,
      ...(agent && { agent }),
      ...(by && { by }),
    }
    if ((await openRun(pool, run)) === 'opened') return { outcome: 'opened', form: { run: order } }
    return { outcome: single ? 'already-settled' : 'already-open', form: { run: await holder(pool, run) } }
  }

/** While data are missing the machine tries again and says so; a person may take the step over. */
async function extracted(pool: pg.Pool, order: string, at: number): Promise<number> {
  const result = await extract(pool, order, at)
  if (result.outcome === 'incomplete') throw later('INCOMPLETE', result.why)
  return (await findRun(pool, order))!.rowsTotal
}

const extractUsers: Step = async (pool, { order, at }) => ({ outcome: 'complete', form: { users: await extracted(pool, order, at) } })

const extractSpecial: Step = async (pool, { order, facts, at }) => {
  const by = await starter(pool, order)
  await pool.query(
    `INSERT INTO settlement_run (id, origin, department_id, agents, period, kind, scheme_id, reason, opened_by, opened_at)
     VALUES ($1, 'special', $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
    [
      order,
      text(facts, 'department'),
      list(facts.agents),
      text(facts, 'period'),
      text(facts, 'kind'),
      text(facts, 'scheme'),
      maybe(facts.reason) ?? null,
      by ?? null,
      new Date(at),
    ],
  )
  return { outcome: 'complete', form: { run: order, users: await extracted(pool, order, at) } }
}

const chooseSchemes: Step = async (pool, { order, at }): Promise<AutomaticResult> => {
  const { agents, skipped } = await choose(pool, order, at)
  const without = [
    ...new Set(skipped.filter(({ reason, businessType }) => reason === 'no-scheme' && businessType === '').map(({ agent }) => agent)),
  ]
  return without.length === 0
    ? { outcome: 'all-have-scheme', form: { agents } }
    : { outcome: 'some-without', form: { agents, without: named(without, 100) } }
}

const chooseScheme: Step = async (pool, { order, at }) => {
  const { agents } = await choose(pool, order, at)
  if (agents === 0) return { outcome: 'none' }
  const { rows } = await pool.query<{ scheme: string }>(
    `SELECT DISTINCT v.scheme_id AS scheme FROM settlement_choice c JOIN settlement_run r ON r.no = c.run_no
      JOIN settlement_scheme_version v ON v.no = c.composite_no WHERE r.id = $1`,
    [order],
  )
  return { outcome: 'found', form: { scheme: rows[0]?.scheme ?? '' } }
}

const money = ({ agents, users, amount }: Billed) => ({ agents, users, ...(amount >= 0n && { total: Number(amount) }) })

const STOPPED = { outcome: 'error', form: { errors: 'stopped on request / 按要求停止' } } satisfies AutomaticResult

const computeUserBills: Step = async (pool, { order, task, at }, pulse = noPulse()) => {
  const { outcome, rows } = await computeLines(pool, order, at, pulse, task)
  return outcome === 'stopped' ? STOPPED : { outcome, form: { users: rows } }
}

const computeAgentBills: Step = async (pool, { order }) => ({ outcome: 'computed', form: money(await computeBills(pool, order)) })

const computeBoth: Step = async (pool, input, pulse = noPulse()) => {
  const { outcome } = await computeLines(pool, input.order, input.at, pulse, input.task)
  return outcome === 'stopped' ? STOPPED : computeAgentBills(pool, input)
}

const computeSpecial: Step = async (pool, input, pulse = noPulse()) => {
  await choose(pool, input.order, input.at)
  const result = await computeBoth(pool, input, pulse)
  // The process has no other way than on: a person takes the step over.
  if (result.outcome === 'error') throw never('STOPPED', `run ${input.order} was asked to stop`)
  return result
}

const close: Step = async (pool, { order, at }) => {
  await closeRun(pool, order, at)
  const { rows } = await pool.query<{ agent: string }>(
    `SELECT b.agent_id AS agent FROM settlement_bill b JOIN settlement_run r ON r.no = b.run_no WHERE r.id = $1 AND b.state = 'settled' AND b.amount <> 0
      ORDER BY b.amount DESC`,
    [order],
  )
  return { outcome: 'closed', ...(rows.length > 0 && { form: { agents: rows.map(({ agent }) => agent) } }) }
}

const shown = (all: readonly Difference[]) => {
  const some = all.slice(0, MOST_NAMES)
  return {
    ...(some.length > 0 && { agents: some.map(({ agent }) => agent), amounts: some.map(({ difference }) => String(difference)) }),
    difference: String(all.reduce((sum, { difference }) => sum + difference, 0n)),
  }
}

/** By `process/step`. */
export const settlementSteps: Readonly<Record<string, Step>> = {
  ...bankSteps,
  'settlement-unified/open-run': open(false),
  'settlement-unified/extract-users': extractUsers,
  'settlement-unified/choose-schemes': chooseSchemes,
  'settlement-unified/compute-user-bills': computeUserBills,
  'settlement-unified/compute-agent-bills': computeAgentBills,
  'settlement-unified/close-run': close,
  'settlement-single/open-run': open(true),
  'settlement-single/extract-users': extractUsers,
  'settlement-single/choose-scheme': chooseScheme,
  'settlement-single/compute-bills': computeBoth,
  'settlement-single/close-run': close,
  'settlement-special/extract-users': extractSpecial,
  'settlement-special/compute-special': computeSpecial,
  'settlement-real-time/catch-event': async (pool, { order, facts, at }): Promise<AutomaticResult> => {
    const caught = await catchEvent(pool, {
      order,
      source: text(facts, 'event'),
      agent: text(facts, 'agent'),
      number: text(facts, 'number'),
      businessType: text(facts, 'businessType'),
      at: typeof facts.eventAt === 'number' ? facts.eventAt : at,
      fee: typeof facts.fee === 'number' ? facts.fee : 0,
    })
    return caught.eligible
      ? { outcome: 'eligible', form: { period: caught.period } }
      : { outcome: 'not-eligible', form: { reason: caught.why } }
  },
  'settlement-real-time/compute-commission': async (pool, { order }) => {
    const computed = await computeEvent(pool, order)
    return computed ? { outcome: 'computed', form: { scheme: computed.scheme, amount: Number(computed.amount) } } : { outcome: 'no-scheme' }
  },
  'settlement-real-time/book-commission': async (pool, { order, at }) => ({
    outcome: 'booked',
    form: { ...(await bookEvent(pool, order, at)) },
  }),
  'settlement-real-time/confirm-later': async (pool, { order, at }) => {
    const outcome = await checkEvent(pool, order, at)
    if (outcome === 'too-early') throw later('TOO_EARLY', `the billing system has not delivered the period of order ${order} yet`)
    return outcome === 'confirmed'
      ? { outcome }
      : { outcome, form: { reason: 'no record of the user under this agent / 帐期内无此代理商的该用户' } }
  },
  'settlement-rerun/check-payout': async (pool, { facts }) => ({
    outcome: (await paidOut(pool, text(facts, 'run'), maybe(facts.agent))) ? 'paid' : 'not-paid',
  }),
  'settlement-rerun/recompute': async (pool, { order, facts, at, task }, pulse = noPulse()) => {
    const [agent, reason] = [maybe(facts.agent), maybe(facts.reason)]
    const input = { order, replaces: text(facts, 'run'), at, ...(agent && { agent }), ...(reason && { reason }) }
    return { outcome: 'computed', form: shown(await recompute(pool, input, pulse, task)) }
  },
  'settlement-rerun/replace-bills': async (pool, { order, at }) => {
    const moved = await replaceBills(pool, order, at)
    return { outcome: moved.length > 0 ? 'difference-after-payout' : 'no-difference-paid', form: shown(moved) }
  },
}
