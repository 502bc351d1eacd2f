/** Named views of a person, and those that his units share. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Principal } from '../auth/principal.ts'
import type { viewChange, viewIn } from '../schemas/view.ts'
import { namesOf } from './names.ts'
import { type Db, all, rows, sql } from './sql.ts'

interface Row {
  id: string
  owner_id: string
  unit_id: string | null
  page: string
  name: string
  query: Record<string, string | string[]>
  updated_at: Date
}

/** A person has so many at most. */
export const MOST_VIEWS = 200

const shown = ({ id: person }: Principal, row: Row) => ({
  id: row.id,
  page: row.page,
  name: row.name,
  query: row.query,
  unit: row.unit_id,
  owner: row.owner_id,
  mine: row.owner_id === person,
  updatedAt: row.updated_at.toISOString(),
})

/** The own ones first, then those shared; by name. */
export async function listViews(db: Db, principal: Principal, page: string | undefined) {
  const found = await rows<Row>(
    db,
    sql`SELECT v.* FROM saved_view v WHERE ${all([
      sql`(v.owner_id = ${principal.id} OR v.unit_id = ANY (${principal.units}))`,
      page !== undefined && sql`v.page = ${page}`,
    ])} ORDER BY v.owner_id <> ${principal.id}, v.page, v.name, v.id LIMIT 500`,
  )
  const names = await namesOf(
    db,
    found.flatMap(({ owner_id, unit_id }) => [owner_id, unit_id]),
  )
  return { items: found.map((row) => shown(principal, row)), names }
}

export async function countViews(db: Db, { id }: Principal): Promise<number> {
  const [found] = await rows<{ n: number }>(db, sql`SELECT count(*)::int AS n FROM saved_view WHERE owner_id = ${id}`)
  return found!.n
}

/** Keeps a view; the person's view of the same page and name is replaced. */
export async function saveView(db: Db, principal: Principal, { page, name, query, unit }: z.output<typeof viewIn>, now: Date) {
  const json = JSON.stringify(query)
  const [replaced] = await rows<Row>(
    db,
    sql`UPDATE saved_view SET query = ${json}::jsonb, unit_id = ${unit}, updated_at = ${now}
         WHERE owner_id = ${principal.id} AND page = ${page} AND name = ${name} RETURNING *`,
  )
  if (replaced) return shown(principal, replaced)
  const [made] = await rows<Row>(
    db,
    sql`INSERT INTO saved_view (id, owner_id, unit_id, page, name, query, updated_at)
        VALUES (${`view-${randomUUID()}`}, ${principal.id}, ${unit}, ${page}, ${name}, ${json}::jsonb, ${now}) RETURNING *`,
  )
  return shown(principal, made!)
}

/** Another name, other filters, shared with others. `taken`: another view of the same page has the name. */
export async function changeView(db: Db, principal: Principal, id: string, body: z.output<typeof viewChange>, now: Date) {
  const [old] = await rows<Row>(db, sql`SELECT * FROM saved_view WHERE id = ${id} AND owner_id = ${principal.id} FOR UPDATE`)
  if (!old) return undefined
  const { name = old.name, query = old.query, unit = old.unit_id } = body
  const other = await rows(
    db,
    sql`SELECT 1 FROM saved_view WHERE owner_id = ${principal.id} AND page = ${old.page} AND name = ${name} AND id <> ${id}`,
  )
  if (other.length > 0) return 'taken' as const
  const [row] = await rows<Row>(
    db,
    sql`UPDATE saved_view SET name = ${name}, query = ${JSON.stringify(query)}::jsonb, unit_id = ${unit}, updated_at = ${now} WHERE id = ${id} RETURNING *`,
  )
  return shown(principal, row!)
}

/** Removes a view of the person's own. Answers whether there was one. */
export async function removeView(db: Db, { id: owner }: Principal, id: string): Promise<boolean> {
  return (await rows(db, sql`DELETE FROM saved_view WHERE id = ${id} AND owner_id = ${owner} RETURNING id`)).length > 0
}
