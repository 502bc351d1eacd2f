/** What the machine contributes before a person decides; shown as the machine's. */
import type pg from 'pg'
import type { OrderState } from '../domain/order/state.ts'
import type { Facts } from './facts.ts'

type Adviser = (db: pg.Pool | pg.ClientBase, state: OrderState, facts: Facts, now: number) => Promise<unknown>

const DAYS_30 = 30 * 86_400_000

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

const advisers: Readonly<Record<string, Adviser>> = { 'fault-diagnosis': faultDiagnosis }

/** The advice of this name on an order at an instant (epoch ms); nothing where nobody knows how to give it. */
export const adviseOn = (name: string, db: pg.Pool | pg.ClientBase, state: OrderState, facts: Facts, now: number): Promise<unknown> =>
  advisers[name]?.(db, state, facts, now) ?? Promise.resolve(undefined)
