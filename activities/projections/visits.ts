/** P-01 and P-02: visits, demands that are kept for later, and the project file. */
import { iso } from '../../domain/order/rows/order.ts'
import type { OrderState } from '../../domain/order/state.ts'
import type { Statement } from '../write.ts'
import { bodyOf, type Happening, type Projected, str, texts } from './projection.ts'

/** Every visit leaves a log and a record (P-02 rule 1). */
export function visited({ event, after, form, task, doer }: Happening): Projected {
  const { log, ...record } = form
  const param = {
    order: after.id,
    task: task.id,
    customer: after.customer,
    step: task.step,
    visitor: doer,
    log: str(log),
    record,
    at: iso(event.at),
  }
  const sql = `INSERT INTO visit_record (order_id, task, customer_id, step, visitor, log, record, at)
  SELECT r."order", r.task, r.customer, r.step, r.visitor, ${bodyOf('r.log')}, r.record, r.at
  FROM o, jsonb_to_record($rows) AS r ("order" text, task text, customer text, step text, visitor text, log text, record jsonb, at timestamptz) ON CONFLICT DO NOTHING`
  // One statement for each visit of a move; their names must differ.
  return { statements: [{ name: `visit_${task.n}`, sql, param }] }
}

/** The request of the return visit (P-08) that found the opportunity is taken by the visit that it started. */
export function requested({ startedBy, facts }: OrderState): Statement | undefined {
  if (startedBy === undefined || facts.fromVisit !== startedBy) return undefined
  const sql = `UPDATE business_request SET state = 'taken' FROM o WHERE business_request.order_id = $rows ->> 'visit' AND state = 'open'`
  return { name: 'business_request_taken', sql, param: { visit: startedBy } }
}

/** Days until a demand is looked at again, where no rule says otherwise (P-02, open questions). */
const REVIEW_DAYS = 90

/** Why an order of P-01 or P-02 came to nothing, by what it passed last. */
function reasonOf({ journal }: OrderState): string {
  const said = (step: string, outcome: string) => journal.some((e) => 'step' in e && e.step === step && e.outcome === outcome)
  if (said('decide-intent', 'no')) return 'no-intent'
  if (said('decide-satisfied', 'gives-up')) return 'given-up'
  if (said('sign-contract', 'abandoned')) return 'no-contract'
  return 'infeasible'
}

/** Customer and demand are never thrown away (P-01 rule 3, P-02 rule 3); the rule that is valid says when they are looked at again. */
export function keptForLater(after: OrderState, at: number): Statement {
  return {
    name: 'potential_demand_row',
    sql: `INSERT INTO potential_demand (order_id, customer_id, demand, reason, review_at, created_at)
  SELECT r."order", r.customer, ${bodyOf('r.demand')}, r.reason, r.at + make_interval(days => coalesce((SELECT (u.spec ->> 'days')::int FROM rule u
      WHERE u.kind = 'review' AND u.id = 'potential-demand' AND u.valid_from <= r.opened ORDER BY u.version DESC LIMIT 1), ${REVIEW_DAYS})), r.at
  FROM o, jsonb_to_record($rows) AS r ("order" text, customer text, demand text, reason text, at timestamptz, opened timestamptz) ON CONFLICT DO NOTHING`,
    param: {
      order: after.id,
      customer: after.customer,
      demand: str(after.facts.demand) ?? after.title,
      reason: reasonOf(after),
      at: iso(at),
      opened: iso(after.openedAt),
    },
  }
}

/** The file that closes an order, with every resource that the customer occupies (P-01 rule 4). */
export function projectFile({ event, after, form, doer }: Happening): Projected {
  const { resources, ...rest } = form
  const { facts } = after
  const content = {
    ...rest,
    reason: facts.reason,
    acceptedAt: facts.acceptedAt,
    activationDate: facts.activationDate,
    contract: facts.contract,
  }
  const param = { order: after.id, customer: after.customer, resources: texts(resources), content, at: iso(event.at), doer }
  const sql = `INSERT INTO project_file (order_id, customer_id, resources, content, archived_at, archived_by)
  SELECT r."order", r.customer, r.resources, r.content, r.at, r.doer
  FROM o, jsonb_to_record($rows) AS r ("order" text, customer text, resources text[], content jsonb, at timestamptz, doer text) ON CONFLICT DO NOTHING`
  return { statements: [{ name: 'project_file_row', sql, param }] }
}
