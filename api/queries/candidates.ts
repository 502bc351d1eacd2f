/** Who could do an open task, as the machine would judge them now: the same rules, the same facts, the same words. */
import type pg from 'pg'
import { askOf } from '../../domain/order/asks.ts'
import { judged } from '../../domain/order/offer.ts'
import { requestOf } from '../../domain/order/plan-offers.ts'
import { dispatchAt } from '../../domain/order/rules.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import {
  candidatesOf,
  customerColumn,
  peopleAsked,
  peopleColumn,
  type PersonRow,
  regionsAbove,
  serviceColumn,
} from '../../prisma/people.ts'
import { limitsVersion, rulesColumn, rulesOf } from '../../prisma/reference.ts'
import { limitsOf } from './limits.ts'
import { namesOf } from './names.ts'
import { rows, sql } from './sql.ts'

interface Found {
  version: string
  rules: Parameters<typeof rulesOf>[0]
  people: PersonRow[] | null
  customer: { accountManager: string | null } | null
  service: { vendorUnit: string | null } | null
}

const asking = `${peopleAsked}
  SELECT ${limitsVersion} AS version, ${rulesColumn('dispatch')} AS rules, ${peopleColumn} AS people,
         ${customerColumn} AS customer, ${serviceColumn} AS service`

/** Judges everybody with a role of the task. Nothing where the order or its open task is not there. */
export async function candidatesFor(
  pool: pg.Pool,
  { order, task: id }: { order: string; task: string },
  specOf: (process: string) => ProcessSpec | undefined,
  now: Date,
) {
  const [row] = await rows<{ state: OrderState }>(pool, sql`SELECT state FROM orders WHERE id = ${order}`)
  const state = row?.state
  const task = state && Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined
  const spec = state && specOf(state.process)
  const step = task && spec?.steps[task.step]
  if (!state || !task || !step) return undefined
  const ask = askOf(state, step, task)
  const { customer, region, facts } = state
  const wanted = { roles: ask.roles, people: [], units: [], regions: regionsAbove(region), customer, service: facts.service }
  const { rows: found } = await pool.query<Found>({ name: 'door-candidates', text: asking, values: [JSON.stringify(wanted), now] })
  const { version, rules, people: asked, customer: known, service } = found[0]!
  const people = candidatesOf(asked, await limitsOf(pool, version), now.getTime())
  const request = requestOf(ask, {
    state,
    customer: { accountManager: known?.accountManager ?? undefined },
    service: { vendorUnit: service?.vendorUnit ?? undefined },
  })
  const verdicts = judged(people, request)
  const names = await namesOf(
    pool,
    verdicts.flatMap(({ person, unit, via }) => [person, unit, via]),
  )
  const { mode, rule } = dispatchAt(rulesOf(rules), state.process, task.step, state.openedAt)
  return {
    order,
    task: id,
    step: task.step,
    title: step.title,
    mode,
    rule: rule ?? null,
    roles: [...request.roles],
    region,
    skill: request.skill ?? null,
    items: verdicts.map(({ person, unit, role, not, score, near, skill, shift, load, own, via }) => {
      const { load: tasks = 0, capacity } = people.get(via ?? person) ?? {}
      return {
        person,
        unit,
        role,
        via: via ?? null,
        not: not ?? null,
        score: score ?? null,
        parts: score === undefined ? null : { near, skill: skill ?? 0, shift, load, own: own ?? 0 },
        tasks,
        capacity: capacity ?? null,
      }
    }),
    names,
  }
}
