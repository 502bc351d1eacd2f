/** What the machine contributes before a person decides; shown as the machine's. */
import type pg from 'pg'
import type { RuleKind } from '../domain/order/rules.ts'
import type { OrderState } from '../domain/order/state.ts'
import { monthOf, readReport, type ReportedUser, screen } from '../domain/processes/monthly-report.ts'
import type { Facts } from './facts.ts'

type Adviser = (db: pg.Pool | pg.ClientBase, state: OrderState, facts: Facts, now: number, task: string) => Promise<unknown>

const DAY = 86_400_000
const DAYS_30 = 30 * DAY

const diagnosing = `
  SELECT jsonb_build_object(
    'service', (SELECT jsonb_build_object('no', v.no, 'status', v.status, 'standby', v.has_standby, 'product', v.product_id, 'site', v.site_id)
      FROM service v WHERE v.id = $2),
    'openOnSite', (SELECT coalesce(jsonb_agg(x ORDER BY x.opened), '[]') FROM (
      SELECT o.id AS order, o.no, o.title, o.service_id AS service, o.opened_at AS opened
      FROM service here JOIN service near ON near.site_id = here.site_id JOIN orders o ON o.service_id = near.id
      WHERE here.id = $2 AND o.id <> $1 AND o.status = 'open' AND o.process IN ('graded-fault', 'fault-level-1', 'fault-level-2') LIMIT 10) x),
    'earlier', (SELECT coalesce(jsonb_agg(x ORDER BY x.opened DESC), '[]') FROM (
      SELECT o.id AS order, o.no, o.opened_at AS opened, o."end", c.cause, c.solution
      FROM orders o LEFT JOIN fault_case c ON c.order_id = o.id
      WHERE o.service_id = $2 AND o.id <> $1 AND o.opened_at >= $3 AND o.opened_at <= $4
        AND o.process IN ('graded-fault', 'fault-level-1', 'fault-level-2') ORDER BY o.opened_at DESC LIMIT 10) x),
    'cases', (SELECT coalesce(jsonb_agg(x ORDER BY x.same DESC, x.closed DESC), '[]') FROM (
      SELECT c.order_id AS order, c.symptom, c.cause, c.solution, c.closed_at AS closed, c.symptom = $6 AS same
      FROM fault_case c WHERE c.product = $5 AND c.closed_at <= $4 ORDER BY (c.symptom = $6) DESC, c.closed_at DESC LIMIT 5) x)
  ) AS advice`

/** P-14 diagnose: state of the service, what else is broken at the site, what was broken here lately, what helped with such faults. */
const faultDiagnosis: Adviser = async (db, state, { service }, now) => {
  const product = service?.product ?? state.facts.product ?? ''
  const { symptom } = state.facts
  const values = [
    state.id,
    service?.id ?? null,
    new Date(now - DAYS_30),
    new Date(now),
    product,
    typeof symptom === 'string' ? symptom : '',
  ]
  const { rows } = await db.query<{ advice: object }>({ name: 'recorder-diagnosis', text: diagnosing, values })
  return { kind: 'fault-diagnosis', by: 'machine', at: now, ...rows[0]?.advice }
}

/** The version of a rule that held when the order opened: running orders keep what they began with. */
async function ruleOf(db: pg.Pool | pg.ClientBase, kind: RuleKind, id: string, { openedAt }: OrderState) {
  const { rows } = await db.query<{ version: number; spec: Readonly<Record<string, unknown>> }>({
    name: 'recorder-rule',
    text: `SELECT version, spec FROM rule WHERE kind = $1 AND id = $2 AND valid_from <= $3 ORDER BY valid_from DESC, version DESC LIMIT 1`,
    values: [kind, id, new Date(openedAt)],
  })
  return rows[0]
}

const repeats = `
  SELECT o.id AS order, o.no, o.status, o.opened_at AS opened, c.category, c.level, c.result, c.satisfaction
  FROM complaint c JOIN orders o ON o.id = c.order_id
  WHERE c.number = $2 AND c.order_id <> $1 AND o.opened_at >= $3 AND o.opened_at <= $4 AND (o."end" IS NULL OR o."end" <> 'withdrawn')
  ORDER BY o.opened_at DESC, o.id LIMIT 20`

/** P-09 receive-complaint: earlier complaints about the same number within the days of the rule, the latest first. */
const repeatComplaint: Adviser = async (db, state, _facts, now) => {
  const { number } = state.facts
  const rule = await ruleOf(db, 'repeat', 'complaint', state)
  const days = Number(rule?.spec.days ?? 0)
  if (typeof number !== 'string' || !rule || !(days > 0)) return undefined
  const values = [state.id, number, new Date(state.openedAt - days * DAY), new Date(now)]
  const { rows } = await db.query<object>({ name: 'recorder-repeats', text: repeats, values })
  return { kind: 'repeat-complaint', by: 'machine', at: now, rule: rule.version, days, number, repeat: rows.length > 0, earlier: rows }
}

/** A user is a customer by id, number or name, or has a service of one of his numbers. */
const identifying = `
  SELECT u.place, k.id, k.no, k.name_zh AS zh, k.name_en AS en, 'key-account' = ANY (k.tags) AS already
  FROM jsonb_to_recordset($1::jsonb) AS u (place int, name text, numbers jsonb)
  CROSS JOIN LATERAL (
    SELECT c.*, 0 AS rank FROM customer c WHERE c.id = u.name OR c.no = u.name OR c.name_zh = u.name OR c.name_en = u.name
    UNION ALL
    SELECT c.*, 1 FROM service v JOIN customer c ON c.id = v.customer_id WHERE v.no IN (SELECT jsonb_array_elements_text(u.numbers))
    ORDER BY rank, id LIMIT 1) k`

/** Lines and users that an advice names at most; the rest is counted. */
const LISTED = 100

/** P-10 screen-customers: whom the rule selects in the report of this branch, and what of the report cannot be read. */
const screening: Adviser = async (db, state, _facts, now, task) => {
  const key = state.tasks[task]?.key
  const entry = state.journal.findLast((e) => 'step' in e && e.step === 'submit-monthly-report' && e.key === key)
  const report = entry && 'step' in entry ? entry.data : undefined
  const rule = await ruleOf(db, 'screening', 'customer-transfer', state)
  if (!report || !rule) return undefined
  const { minCharges = 0, minMonths = 0 } = rule.spec
  const month = monthOf(report.month)
  const { lines, bad } = readReport(await bodyOf(db, String(report.lines ?? '')), month)
  const users = screen(lines, { minCharges: Number(minCharges), minMonths: Number(minMonths) })
  const known = await customersOf(db, users)
  const chosen = users.flatMap((user, place) => (user.selected ? [{ ...user, customer: known.get(place) }] : []))
  const found = chosen.filter(({ customer }) => customer && !customer.already)
  const unknown = chosen.filter(({ customer }) => !customer).map(({ user, charges }) => ({ user, charges }))
  return {
    kind: 'screening',
    by: 'machine',
    at: now,
    rule: rule.version,
    spec: rule.spec,
    month,
    users: users.length,
    customers: [...new Set(found.map(({ customer }) => customer!.id))],
    found: found.slice(0, LISTED),
    already: chosen.filter(({ customer }) => customer?.already).map(({ user }) => user),
    unknown: unknown.slice(0, LISTED),
    unknownCount: unknown.length,
    bad: bad.slice(0, LISTED),
    badCount: bad.length,
  }
}

interface KnownCustomer {
  id: string
  no: string
  zh: string
  en: string
  already: boolean
}

async function customersOf(db: pg.Pool | pg.ClientBase, users: readonly ReportedUser[]): Promise<Map<number, KnownCustomer>> {
  const asked = users.flatMap(({ user, numbers, selected }, place) => (selected ? [{ place, name: user, numbers }] : []))
  if (asked.length === 0) return new Map()
  const { rows } = await db.query<KnownCustomer & { place: number }>({
    name: 'recorder-reported-users',
    text: identifying,
    values: [JSON.stringify(asked)],
  })
  return new Map(rows.map(({ place, ...customer }) => [place, customer]))
}

/** A long text is kept apart, and the form names it by digest. */
async function bodyOf(db: pg.Pool | pg.ClientBase, text: string): Promise<string> {
  if (!text.startsWith('digest:')) return text
  const values = [text.slice('digest:'.length)]
  const { rows } = await db.query<{ body: string }>({
    name: 'recorder-text',
    text: 'SELECT body FROM order_text WHERE digest = $1',
    values,
  })
  return rows[0]?.body ?? text
}

const advisers: Readonly<Record<string, Adviser>> = {
  'fault-diagnosis': faultDiagnosis,
  'repeat-complaint': repeatComplaint,
  screening,
}

/** The advice of this name on a task of an order at an instant (epoch ms); nothing where nobody knows how to give it. */
export const adviseOn = (
  name: string,
  db: pg.Pool | pg.ClientBase,
  state: OrderState,
  facts: Facts,
  now: number,
  task: string,
): Promise<unknown> => advisers[name]?.(db, state, facts, now, task) ?? Promise.resolve(undefined)
