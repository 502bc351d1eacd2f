/** A customer all around (客户360度视图): what is known of him, as far as who asks may see it. */
import type { z } from 'zod'
import { type AppAbility, visibleOrders } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import type { customerWhole } from '../schemas/customer.ts'
import { namesOf } from './names.ts'
import { listPayments } from './payments.ts'
import { customerCases } from './retention.ts'
import { scoped } from './scoped.ts'
import { type Db, rows, sql } from './sql.ts'

type Whole = z.output<typeof customerWhole>

const named = (of: { nameEn: string; nameZh: string }) => ({ en: of.nameEn, zh: of.nameZh })
const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** Services that are listed; of a larger customer `GET /services` has all. */
const MOST_SERVICES = 100

/** @throws Problem NOT_FOUND, NOT_ALLOWED */
export async function wholeCustomer(
  { pool, prisma }: Pick<Deps, 'pool' | 'prisma'>,
  principal: Principal,
  ability: AppAbility,
  id: string,
  now: Date,
): Promise<Whole> {
  const row = await prisma.customer.findFirst({
    where: { AND: [scoped(ability, 'Customer'), { id }] },
    include: { contacts: { orderBy: [{ primary: 'desc' }, { id: 'asc' }] } },
  })
  if (!row) throw new Problem('NOT_FOUND')
  const [services, contracts, orders, money, retention] = await Promise.all([
    servicesOf(prisma, ability, id),
    contractsOf(prisma, ability, id),
    ordersOf(pool, principal, ability, id, now),
    ability.can('read', 'Payment') ? moneyOf(pool, principal, ability, id) : null,
    ability.can('read', 'Retention') ? retentionOf(pool, principal, id) : null,
  ])
  return {
    id,
    no: row.no,
    name: named(row),
    grade: row.grade,
    tags: row.tags,
    region: row.regionPath,
    accountManager: row.accountManagerId,
    status: row.status as Whole['status'],
    address: row.address,
    phone: row.phone,
    contacts: row.contacts.map(({ id: contact, position, phone, email, primary, ...rest }) => ({
      id: contact,
      name: named(rest),
      position,
      phone,
      email,
      primary,
    })),
    services,
    contracts,
    orders,
    money,
    retention,
    names: await namesOf(pool, [row.accountManagerId, ...(retention?.alarms.map(({ manager }) => manager) ?? [])]),
  }
}

async function servicesOf(prisma: Deps['prisma'], ability: AppAbility, customerId: string): Promise<Whole['services']> {
  const where = { AND: [scoped(ability, 'Service'), { customerId }] }
  const [counts, items] = await Promise.all([
    prisma.service.groupBy({ by: ['status'], where, _count: true }),
    prisma.service.findMany({ where, include: { product: true, site: true }, orderBy: { no: 'asc' }, take: MOST_SERVICES }),
  ])
  return {
    byStatus: Object.fromEntries(counts.map(({ status, _count }) => [status, _count])),
    items: items.map(({ id, no, product, site, circuitGrade, status }) => ({
      id,
      no,
      product: named(product),
      site: site && named(site),
      circuitGrade,
      status,
    })),
  }
}

async function contractsOf(prisma: Deps['prisma'], ability: AppAbility, customerId: string): Promise<Whole['contracts']> {
  const found = await prisma.contract.findMany({
    where: { AND: [scoped(ability, 'Contract'), { customerId }] },
    orderBy: [{ signedAt: { sort: 'desc', nulls: 'first' } }, { no: 'asc' }],
    take: 50,
  })
  return found.map(({ id, no, title, status, amount, termMonths, signedAt }) => ({
    id,
    no,
    title,
    status,
    amount: Number(amount),
    termMonths,
    signedAt: iso(signedAt),
  }))
}

async function ordersOf(db: Db, principal: Principal, ability: AppAbility, id: string, now: Date): Promise<Whole['orders']> {
  const overdue = sql`(o.status IN ('open', 'withdrawing') AND EXISTS (SELECT FROM task t WHERE t.order_id = o.id AND t.closed_at IS NULL AND t.due_at < ${now}))`
  const inSight = sql`o.customer_id = ${id} AND ${visibleOrders(principal, ability)}`
  const byProcess = await rows<Whole['orders']['byProcess'][number]>(
    db,
    sql`SELECT o.process, count(*) FILTER (WHERE o.closed_at IS NULL)::int AS open, count(o.closed_at)::int AS closed,
               count(*) FILTER (WHERE ${overdue})::int AS overdue
          FROM orders o WHERE ${inSight} GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1`,
  )
  const items = await rows<{
    id: string
    no: string | null
    process: string
    title: string
    status: string
    end: string | null
    overdue: boolean
    opened: Date
    closed: Date | null
  }>(
    db,
    sql`SELECT o.id, o.no, o.process, o.title, o.status, o."end", ${overdue} AS overdue, o.opened_at AS opened, o.closed_at AS closed
          FROM orders o WHERE ${inSight} ORDER BY o.opened_at DESC, o.id DESC LIMIT 20`,
  )
  return {
    byProcess,
    items: items.map(({ opened, closed, ...item }) => ({ ...item, openedAt: opened.toISOString(), closedAt: iso(closed) })),
  }
}

async function moneyOf(db: Db, principal: Principal, ability: AppAbility, id: string): Promise<NonNullable<Whole['money']>> {
  const credit = await rows<{ account: string; class: string; limit: string; ratedBy: string; order: string; at: Date }>(
    db,
    sql`SELECT DISTINCT ON (account) account, class, "limit"::text, rated_by AS "ratedBy", order_id AS "order", at
          FROM credit_rating WHERE customer_id = ${id} ORDER BY account, at DESC`,
  )
  const arrears = await rows<{
    order: string
    account: string
    period: string
    amount: string
    due: Date
    promised: Date | null
    restricted: boolean
  }>(
    db,
    sql`SELECT a.order_id AS "order", a.account, a.period, a.amount::text, a.due_at AS due, a.promised_at AS promised,
               a.restricted_at IS NOT NULL AND a.restored_at IS NULL AS restricted
          FROM arrears a JOIN orders o ON o.id = a.order_id
         WHERE a.customer_id = ${id} AND o.closed_at IS NULL AND a.recovered_at IS NULL AND a.written_off_at IS NULL ORDER BY a.due_at`,
  )
  const { items: payments } = await listPayments(db, principal, ability, { customer: id, limit: 10 })
  return {
    credit: credit.map(({ limit, at, ...one }) => ({ ...one, limit: Number(limit), at: at.toISOString() })),
    arrears: arrears.map(({ amount, due, promised, ...one }) => ({
      ...one,
      amount: Number(amount),
      dueAt: due.toISOString(),
      promisedAt: iso(promised),
    })),
    payments,
  }
}

interface ProfileRow {
  tenureMonths: number
  contract: string
  payment: string
  flags: string[]
  monthly: string
  total: string
  valueClass: string
  left: boolean | null
  at: Date
}

async function retentionOf(db: Db, principal: Principal, id: string): Promise<NonNullable<Whole['retention']>> {
  const [profile] = await rows<ProfileRow>(
    db,
    sql`SELECT tenure_months AS "tenureMonths", contract, payment, flags, monthly_charge::text AS monthly, total_charge::text AS total,
               value_class AS "valueClass", churned AS left, updated_at AS at FROM customer_profile WHERE customer_id = ${id}`,
  )
  const charges = await rows<{ month: string; amount: string }>(
    db,
    sql`SELECT month, amount::text FROM customer_charge WHERE customer_id = ${id} ORDER BY month DESC LIMIT 12`,
  )
  const signals = await rows<{ kind: string; value: string | null; at: Date }>(
    db,
    sql`SELECT kind, value, at FROM customer_signal WHERE customer_id = ${id} ORDER BY at DESC, kind LIMIT 20`,
  )
  const losses = await rows<{ order: string; kind: string; reason: string; remains: boolean; at: Date }>(
    db,
    sql`SELECT order_id AS "order", kind, reason, remains, at FROM loss_record WHERE customer_id = ${id} ORDER BY at DESC`,
  )
  const said = <T extends { at: Date }>({ at, ...one }: T) => ({ ...one, at: at.toISOString() })
  return {
    profile: profile ? profileOf(profile) : null,
    charges: charges.map(({ month, amount }) => ({ month, amount: Number(amount) })),
    signals: signals.map(said),
    ...(await customerCases(db, principal, id)),
    losses: losses.map(said),
  }
}

const profileOf = ({ monthly, total, at, ...row }: ProfileRow): NonNullable<NonNullable<Whole['retention']>['profile']> => ({
  ...row,
  monthlyCharge: Number(monthly),
  totalCharge: Number(total),
  updatedAt: at.toISOString(),
})
