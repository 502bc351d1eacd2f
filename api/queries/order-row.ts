/** One order with all its rows, as the record has them at one version. */
import type { OrderState } from '../../domain/order/state.ts'
import type {
  Attachment,
  Clock,
  Compensation,
  Contract,
  Customer,
  Order,
  Product,
  Rung,
  Service,
  Signature,
  Site,
  Task,
} from '../../prisma/generated/client.ts'
import { type Db, rows, type Sql, sql } from './sql.ts'

/** A row as JSON writes it. */
type Json<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K] extends bigint ? number : T[K]
}

interface Link {
  id: string
  no: string | null
  process: string
  status: string
  end: string | null
}

/** An order with its rows. */
export interface FoundOrder {
  order: Json<Omit<Order, 'state'>>
  state: OrderState
  customer: Json<Customer> | null
  service: Json<Service> | null
  product: Pick<Product, 'id' | 'nameEn' | 'nameZh'> | null
  site: Pick<Site, 'nameEn' | 'nameZh'> | null
  contract: Pick<Contract, 'id' | 'no' | 'title' | 'status'> | null
  tasks: Json<Task>[]
  signatures: Json<Signature>[]
  clocks: Json<Clock>[]
  rungs: Json<Rung>[]
  attachments: Json<Attachment>[]
  compensations: Json<Compensation>[]
  relatives: Link[]
}

/** Camel case of every column: `person_id` → `personId`. */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), item]),
  )
}

const rowsOf = (table: Sql, order: Sql): Sql =>
  sql`(SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY ${order}), '[]') FROM ${table} x WHERE x.order_id = o.id)`

/** Everything in one statement, so that it is all of one version. */
export async function readOrder(db: Db, id: string): Promise<FoundOrder | undefined> {
  const [found] = await rows<Record<keyof FoundOrder, unknown>>(
    db,
    sql`
    SELECT to_jsonb(o) - 'state' AS "order", o.state, to_jsonb(c) AS customer, to_jsonb(s) AS service, to_jsonb(p) AS product, to_jsonb(l) AS site,
           to_jsonb(k) AS contract,
           ${rowsOf(sql`task`, sql`x.opened_at, x.task`)} AS tasks,
           ${rowsOf(sql`signature`, sql`x.task, x.party`)} AS signatures,
           ${rowsOf(sql`clock`, sql`x.started_at, x.clock`)} AS clocks,
           ${rowsOf(sql`rung`, sql`x.fired_at, x.clock, x.pct`)} AS rungs,
           ${rowsOf(sql`attachment`, sql`x.uploaded_at, x.id`)} AS attachments,
           ${rowsOf(sql`compensation`, sql`x.n`)} AS compensations,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'no', r.no, 'process', r.process, 'status', r.status, 'end', r."end")), '[]')
              FROM orders r
             WHERE r.id IN (o.parent_id, o.continued_from, o.continued_as, o.state ->> 'next')
                OR r.id = ANY (ARRAY(SELECT jsonb_object_keys(o.state -> 'children')))) AS relatives
      FROM orders o
      LEFT JOIN customer c ON c.id = o.customer_id
      LEFT JOIN service s ON s.id = o.service_id
      LEFT JOIN product p ON p.id = s.product_id
      LEFT JOIN site l ON l.id = s.site_id
      LEFT JOIN contract k ON k.id = o.contract_id
     WHERE o.id = ${id}`,
  )
  if (!found) return undefined
  const { state, ...rest } = found
  return {
    ...(Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, camel(value)])) as Omit<FoundOrder, 'state'>),
    state: state as OrderState,
  }
}
