/** Names of people and units, so that an answer can be shown without asking again. */
import type { Title } from '../../domain/title.ts'
import { type Db, rows, sql } from './sql.ts'

/** Names by id of those that exist among `ids`. */
export async function namesOf(db: Db, ids: Iterable<string | null | undefined>): Promise<Record<string, Title>> {
  const wanted = [...new Set(ids)].filter((id): id is string => typeof id === 'string' && id !== '')
  if (wanted.length === 0) return {}
  const found = await rows<{ id: string; en: string; zh: string }>(
    db,
    sql`SELECT id, name_en AS en, name_zh AS zh FROM staff WHERE id = ANY (${wanted})
        UNION ALL SELECT id, name_en, name_zh FROM org_unit WHERE id = ANY (${wanted})`,
  )
  return Object.fromEntries(found.map(({ id, en, zh }) => [id, { en, zh }]))
}
