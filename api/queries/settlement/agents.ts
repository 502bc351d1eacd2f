/** Agents, what they are settled by, and their side of the ledger. */
import type pg from 'pg'
import type { z } from 'zod'
import type { Title } from '../../../domain/title.ts'
import { type AppAbility, visibleAgents } from '../../auth/ability.ts'
import type { Principal } from '../../auth/principal.ts'
import { decodeCursor, paged } from '../../http/cursor.ts'
import { Problem, wrongField } from '../../problem.ts'
import type { agentsQuery, choiceIn, ledgerQuery } from '../../schemas/settlement.ts'
import { all, contains, type Db, rows, sql } from '../sql.ts'

interface Row {
  id: string
  no: string
  name_zh: string
  name_en: string
  type: string
  level_id: string
  level_zh: string
  level_en: string
  department_id: string
  region_path: string
  unit_id: string | null
  contract_no: string | null
  bank_account: string | null
  status: string
}

const select = sql`SELECT a.*, l.name_zh AS level_zh, l.name_en AS level_en FROM agent a JOIN agent_level l ON l.id = a.level_id`

const agentOf = (row: Row) => ({
  id: row.id,
  no: row.no,
  name: { zh: row.name_zh, en: row.name_en },
  type: row.type,
  level: { id: row.level_id, name: { zh: row.level_zh, en: row.level_en } },
  department: row.department_id,
  region: row.region_path,
  unit: row.unit_id,
  contractNo: row.contract_no,
  status: row.status,
})

export async function listAgents(db: Db, principal: Principal, ability: AppAbility, query: z.output<typeof agentsQuery>) {
  const cursor = decodeCursor<readonly [string]>(query.cursor, ['text'])
  const { q } = query
  const found = await rows<Row>(
    db,
    sql`${select} WHERE ${all([
      visibleAgents(principal, ability),
      cursor && sql`a.no > ${cursor[0]}`,
      query.department !== undefined && sql`a.department_id = ${query.department}`,
      query.status !== undefined && sql`a.status = ${query.status}`,
      q !== undefined && sql`(a.no ILIKE ${contains(q)} OR a.name_zh ILIKE ${contains(q)} OR a.name_en ILIKE ${contains(q)})`,
    ])} ORDER BY a.no LIMIT ${query.limit + 1}`,
  )
  const { items, page } = paged(found, query.limit, ({ no }) => [no])
  return { items: items.map(agentOf), page }
}

/** An agent in sight. @throws Problem NOT_FOUND */
export async function requireAgent(db: Db, principal: Principal, ability: AppAbility, id: string): Promise<Row> {
  const [found] = await rows<Row>(db, sql`${select} WHERE a.id = ${id} AND ${visibleAgents(principal, ability)}`)
  if (!found) throw new Problem('NOT_FOUND')
  return found
}

interface ChoiceRow {
  id: string
  kind: 'commission' | 'sharing'
  rank: 'first' | 'substitute'
  scheme: string
  name_zh: string
  name_en: string
  valid_from: string
  valid_to: string | null
  set_by: string
  set_at: Date
}

async function choicesOf(db: Db, agent: string) {
  const found = await rows<ChoiceRow>(
    db,
    sql`SELECT c.id::text AS id, c.kind, c.rank, c.scheme_id AS scheme, s.name_zh, s.name_en, c.valid_from::text, c.valid_to::text, c.set_by, c.set_at
          FROM agent_scheme c JOIN settlement_scheme s ON s.id = c.scheme_id WHERE c.agent_id = ${agent} ORDER BY c.kind, c.rank, c.valid_from DESC, c.id DESC`,
  )
  return found.map(({ name_zh: zh, name_en: en, valid_from: validFrom, valid_to: validTo, set_by: setBy, set_at: setAt, ...row }) => ({
    ...row,
    schemeName: { zh, en },
    validFrom,
    validTo,
    setBy,
    setAt: setAt.toISOString(),
  }))
}

/** The whole of an agent: sub-accounts in fen, and his schemes. */
export async function wholeAgent(db: Db, row: Row) {
  const accounts = await rows<{ kind: string; balance: string }>(
    db,
    sql`SELECT kind, balance::text FROM ledger_account WHERE agent_id = ${row.id} AND balance IS NOT NULL`,
  )
  const balance = (kind: string) => Number(accounts.find((account) => account.kind === kind)?.balance ?? 0)
  return {
    ...agentOf(row),
    bankAccount: row.bank_account && row.bank_account.replace(/.(?=.{4})/g, '*'),
    accounts: { deposit: balance('deposit'), rebate: balance('rebate'), prepaid: balance('prepaid') },
    schemes: await choicesOf(db, row.id),
  }
}

const notInForce = (scheme: string, kind: string): Title => ({
  zh: `没有已生效的复合方案 ${scheme}（${kind}）`,
  en: `no composite scheme ${scheme} for ${kind} is in force`,
})

/**
 * Says which composite scheme an agent has, and for how long. What holds already is never changed: runs have gone by it.
 * @throws Problem UNKNOWN_REFERENCE where there is no such scheme in force, VALIDATION_FAILED where another holds on one of the days
 */
export async function addChoice(
  client: pg.PoolClient,
  agent: string,
  { kind, rank, scheme, validFrom, validTo }: z.output<typeof choiceIn>,
  { by, now }: { by: string; now: Date },
): Promise<void> {
  await rows(client, sql`SELECT pg_advisory_xact_lock(hashtextextended(${`agent-scheme ${agent}`}, 0))`)
  const [known] = await rows(
    client,
    sql`SELECT 1 FROM settlement_scheme s WHERE s.id = ${scheme} AND s.nature = 'composite' AND s.kind = ${kind}
         AND EXISTS (SELECT FROM settlement_scheme_version v WHERE v.scheme_id = s.id AND v.state = 'released')`,
  )
  if (!known) throw new Problem('UNKNOWN_REFERENCE', { field: 'scheme', says: notInForce(scheme, kind) })
  const [clash] = await rows<{ scheme: string; from: string; to: string | null }>(
    client,
    sql`SELECT scheme_id AS scheme, valid_from::text AS from, valid_to::text AS to FROM agent_scheme
         WHERE agent_id = ${agent} AND kind = ${kind} AND rank = ${rank}
           AND daterange(valid_from, valid_to, '[]') && daterange(${validFrom}::date, ${validTo ?? null}::date, '[]') LIMIT 1`,
  )
  if (clash) {
    const { scheme: other, from, to } = clash
    throw wrongField('validFrom', 'INVALID', {
      zh: `${other} 自 ${from} 起有效，${to === null ? '期限未定' : `至 ${to} 止`}`,
      en: `${other} holds from ${from} to ${to ?? 'further notice'}`,
    })
  }
  await rows(
    client,
    sql`INSERT INTO agent_scheme (agent_id, kind, rank, scheme_id, valid_from, valid_to, set_by, set_at)
        VALUES (${agent}, ${kind}, ${rank}, ${scheme}, ${validFrom}::date, ${validTo ?? null}::date, ${by}, ${now})`,
  )
}

interface LedgerRow {
  entry: string
  n: number
  ref: string
  kind: string
  account: string
  amount: string
  order_id: string | null
  memo: string | null
  at: Date
}

/** Bookings on an agent's sub-accounts, the latest first. */
export async function ledgerOf(db: Db, agent: string, query: z.output<typeof ledgerQuery>) {
  const cursor = decodeCursor<readonly [string, number]>(query.cursor, ['text', 'number'])
  if (cursor && !/^\d{1,18}$/.test(cursor[0])) throw new Problem('BAD_CURSOR', { field: 'cursor' })
  const found = await rows<LedgerRow>(
    db,
    sql`SELECT e.id::text AS entry, l.n, e.ref, e.kind, c.kind AS account, l.amount::text, e.order_id, e.memo, e.at
          FROM ledger_account c JOIN ledger_line l ON l.account_id = c.id JOIN ledger_entry e ON e.id = l.entry_id
         WHERE ${all([
           sql`c.agent_id = ${agent}`,
           query.account !== undefined && sql`c.kind = ${query.account}`,
           cursor && sql`(e.id, l.n) < (${cursor[0]}::bigint, ${cursor[1]}::int)`,
         ])} ORDER BY e.id DESC, l.n DESC LIMIT ${query.limit + 1}`,
  )
  const { items, page } = paged(found, query.limit, (row) => [row.entry, row.n])
  return {
    items: items.map(({ entry, ref, kind, account, amount, order_id: order, memo, at }) => ({
      entry,
      ref,
      kind,
      account,
      amount: Number(amount),
      order,
      memo,
      at: at.toISOString(),
    })),
    page,
  }
}
