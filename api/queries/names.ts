/** Names of people and units, and of customers where they acted themselves, so that an answer can be shown without asking again. */
import type { Title } from '../../domain/title.ts'
import { type Db, rows, sql } from './sql.ts'

/** Names by id of those that exist among `ids`. */
export async function namesOf(db: Db, ids: Iterable<string | null | undefined>): Promise<Record<string, Title>> {
  const asked = [...new Set(ids)].filter((id): id is string => typeof id === 'string' && id !== '')
  if (asked.length === 0) return {}
  const own = (id: string) => id.replace(/^customer:/, '')
  const wanted = [...new Set(asked.map(own))]
  const found = await rows<{ id: string; en: string; zh: string }>(
    db,
    sql`SELECT id, name_en AS en, name_zh AS zh FROM staff WHERE id = ANY (${wanted})
        UNION ALL SELECT id, name_en, name_zh FROM org_unit WHERE id = ANY (${wanted})
        UNION ALL SELECT id, name_en, name_zh FROM contact WHERE id = ANY (${wanted})
        UNION ALL SELECT id, name_en, name_zh FROM customer WHERE id = ANY (${wanted})`,
  )
  const names = new Map(found.map(({ id, en, zh }) => [id, { en, zh }]))
  return Object.fromEntries(asked.flatMap((id) => (names.has(own(id)) ? [[id, names.get(own(id))!]] : [])))
}
