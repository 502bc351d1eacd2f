/** What the machine does in P-34, P-35 and P-37. Each may run twice. */
import type pg from 'pg'
import type { Fact } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { inWords } from '../../domain/retention/score.ts'
import { never } from '../errors.ts'
import type { AutomaticInput, AutomaticResult } from '../types.ts'
import { runCampaign } from './campaign.ts'
import { detect } from './detect.ts'
import type { Run } from './run.ts'

type Form = Record<string, Fact>

const DAY = 86_400_000
const SIGNALS_MOST = 1_000
/** Characters for each customer of a run: its event carries them all. */
const REASONS_MOST = 200

const isRun = ({ facts }: AutomaticInput): boolean => facts.entry === 'run'
const detected = (pool: pg.Pool, input: AutomaticInput): Promise<Run> =>
  detect(pool, { order: input.order, process: input.process, all: isRun(input), at: input.at })

/** Names and counts, the most first. */
const tally = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, n]) => `${name} ${n}`)
    .join(', ')

/** Of a run the counts, of a case the reasons. */
function signalsOf(run: Run, all: boolean): string {
  if (run.alarmed === 0) return '无预警信号 / no signal'
  if (!all) return inWords(run.opened[0]?.reasons ?? [], SIGNALS_MOST)
  return `${tally(run.byReason)}${run.heldBack > 0 ? `; 暂缓 held back: ${tally(run.byWhy)}` : ''}`
}

/** A list may not be empty: without anybody there is none. */
const listed = ({ opened }: Run): Form =>
  opened.length > 0
    ? { customers: opened.map(({ customer }) => customer), reasons: opened.map(({ reasons }) => inWords(reasons, REASONS_MOST)) }
    : {}

export async function detectPreChurn(pool: pg.Pool, input: AutomaticInput): Promise<AutomaticResult> {
  const all = isRun(input)
  const { campaign } = input.facts
  const run =
    all && typeof campaign === 'string'
      ? await runCampaign(pool, { order: input.order, campaign, at: input.at })
      : await detected(pool, input)
  const alarm = all ? undefined : run.opened[0]?.id
  return {
    outcome: 'found',
    form: {
      ...(all && listed(run)),
      ...(alarm !== undefined && { alarm }),
      signals: signalsOf(run, all),
      looked: run.looked,
      alarmed: run.alarmed,
      heldBack: run.heldBack,
    },
  }
}

export async function detectFluctuation(pool: pg.Pool, input: AutomaticInput): Promise<AutomaticResult> {
  const run = await detected(pool, input)
  const all = isRun(input)
  if (run.opened.length === 0) return { outcome: 'none' }
  return { outcome: 'found', form: { ...(all && listed(run)), signals: signalsOf(run, all), looked: run.looked } }
}

/** The kind is said where all who are listed are of one. */
export async function generateAbnormal(pool: pg.Pool, input: AutomaticInput): Promise<AutomaticResult> {
  const run = await detected(pool, input)
  const all = isRun(input)
  const kinds = new Set(run.opened.map(({ reasons }) => reasons[0]?.key))
  const [kind] = kinds
  return {
    outcome: 'generated',
    form: {
      ...(all && listed(run)),
      ...(kinds.size === 1 && kind !== undefined && { abnormal: kind }),
      signals: signalsOf(run, all),
      looked: run.looked,
    },
  }
}

/** What the last tracking said, and the days that the case took (P-34 rule 2: 花費時長). */
export async function evaluate(pool: pg.Pool, { order, at }: AutomaticInput): Promise<AutomaticResult> {
  const { rows } = await pool.query<{ journal: OrderState['journal']; opened_at: Date }>(
    `SELECT state -> 'journal' AS journal, opened_at FROM orders WHERE id = $1`,
    [order],
  )
  if (!rows[0]) throw new Error(`the record has no order ${order} yet; trying again`)
  const tracked = rows[0].journal.findLast((entry) => 'step' in entry && entry.step === 'track-scheme')
  const said = tracked && 'outcome' in tracked ? tracked.outcome : undefined
  if (said === 'lost') return { outcome: 'lost' }
  if (said === 'kept') return { outcome: 'kept', form: { days: Math.ceil((at - rows[0].opened_at.getTime()) / DAY) } }
  throw never('NOT_TRACKED', `the tracking of ${order} has not said whether the customer is kept or lost: dispatch the step to an analyst`)
}

export const retentionSteps = {
  'retention/detect-pre-churn': detectPreChurn,
  'retention/evaluate': evaluate,
  'customer-maintenance/detect-fluctuation': detectFluctuation,
  'abnormal-customer-tracking/generate-abnormal': generateAbnormal,
}
