/**
 * What a history names by id, as people call it. Ids are looked for only where a history keeps them, so that a text that somebody
 * wrote is never taken for one; services, sites and contracts are those of the order's own customer.
 */
import type { FieldType, ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import type { Title } from '../../domain/title.ts'
import { fieldOf } from '../exports/words.ts'
import { namesOf } from './names.ts'
import { type Db, rows, sql } from './sql.ts'

type Ids = readonly (string | undefined)[]
type Values = Readonly<Record<string, unknown>>

const naming: ReadonlySet<FieldType> = new Set(['unit', 'units', 'person', 'customers', 'agent', 'agents', 'resources'])
/** Facts that no form asks for. */
const known = new Set(['accountManager', 'previous', 'service', 'site', 'contract', 'product', 'solution', 'fromVisit'])

/** Ids among facts, by what the process says of each. */
export const idsOfFacts = (facts: Values = {}, spec: ProcessSpec | undefined): string[] =>
  Object.entries(facts).flatMap(([name, value]) => {
    const type = fieldOf(spec, name)?.type
    return known.has(name) || (type && naming.has(type)) ? texts(value) : []
  })

const texts = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Ids in the data of an event. */
export function idsOfEvent(data: Values, spec: ProcessSpec | undefined): string[] {
  const plain = ['person', 'unit', 'absent', 'party', 'key', 'customer', 'startedBy', 'continuedFrom', 'child', 'next', 'mentions']
  const parent = isRecord(data.parent) ? texts(data.parent.id) : []
  const facts = [data.form, data.facts, data.args].filter(isRecord)
  return [...plain.flatMap((name) => texts(data[name])), ...parent, ...facts.flatMap((one) => idsOfFacts(one, spec))]
}

/** Ids in a state of the order. */
export function idsOfState(state: OrderState, spec: ProcessSpec | undefined): Ids {
  const tasks = Object.values(state.tasks)
  return [
    ...[state.customer, state.startedBy, state.responsible.id, state.responsible.for, state.parent?.id, state.continuedFrom, state.next],
    ...tasks.flatMap(({ key, person, unit, absent, child, suspendAsked }) => [key, person, unit, absent, child, suspendAsked?.by]),
    ...tasks.flatMap(({ parties = {} }) =>
      Object.entries(parties).flatMap(([id, { person, unit, absent, by }]) => [id, person, unit, absent, by]),
    ),
    ...Object.values(state.doers),
    ...Object.values(state.notAgain).flat(),
    ...Object.entries(state.children).flatMap(([id, { key }]) => [id, key]),
    ...(state.stays ?? []).map(({ order }) => order),
    ...state.undo.flatMap(({ order, args }) => [order, ...idsOfFacts(args, spec)]),
    ...(state.received ?? []).flatMap(({ facts }) => idsOfFacts(facts, spec)),
    ...idsOfFacts(state.facts, spec),
  ]
}

/** Names by id, as far as there are any: people, units and customers, and what is the order's. `customer`: whose order it is. */
export async function historyNames(db: Db, ids: Ids, customer: string | null): Promise<Record<string, Title>> {
  const wanted = [...new Set(ids)].filter((id) => id !== undefined && id !== '')
  if (wanted.length === 0) return {}
  const [people, things] = await Promise.all([
    namesOf(db, wanted),
    rows<{ id: string; en: string; zh: string }>(
      db,
      sql`SELECT s.id, s.no || ' ' || p.name_en AS en, s.no || ' ' || p.name_zh AS zh
            FROM service s JOIN product p ON p.id = s.product_id WHERE s.id = ANY (${wanted}) AND s.customer_id = ${customer}
          UNION ALL SELECT id, name_en, name_zh FROM site WHERE id = ANY (${wanted}) AND customer_id = ${customer}
          UNION ALL SELECT id, no || ' ' || title, no || ' ' || title FROM contract WHERE id = ANY (${wanted}) AND customer_id = ${customer}
          UNION ALL SELECT id, no || ' ' || title, no || ' ' || title FROM solution WHERE id = ANY (${wanted}) AND customer_id = ${customer}
          UNION ALL SELECT id, name_en, name_zh FROM product WHERE id = ANY (${wanted})
          UNION ALL SELECT id, no, no FROM resource WHERE id = ANY (${wanted})
          UNION ALL SELECT id, name_en, name_zh FROM agent WHERE id = ANY (${wanted})
          UNION ALL SELECT id, no, no FROM orders WHERE id = ANY (${wanted}) AND no IS NOT NULL`,
    ),
  ])
  return { ...Object.fromEntries(things.map(({ id, en, zh }) => [id, { en, zh }])), ...people }
}
