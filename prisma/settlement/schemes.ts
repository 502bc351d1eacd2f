/** Schemes in the record: saved as drafts, released by a person, never changed after that. */
import type pg from 'pg'
import { type BusinessOf, checkScheme } from '../../domain/settlement/check.ts'
import type { BusinessScheme, CompositeScheme, Scheme, SchemeProblem } from '../../domain/settlement/scheme.ts'
import type { CompiledFrom } from './compile.ts'

type Db = pg.Pool | pg.ClientBase

export interface SchemeToSave {
  id: string
  nameZh: string
  nameEn: string
  spec: Scheme
  by: string
  at: number
}

export type Saved = { saved: true; version: number; no: number } | { saved: false; problems: SchemeProblem[] }

/** Business schemes with a released version: what a composite one may name. */
export async function businessSchemes(db: Db): Promise<BusinessOf> {
  const { rows } = await db.query<{ id: string; kind: string; businessType: string }>(
    `SELECT s.id, s.kind, s.business_type AS "businessType" FROM settlement_scheme s
      WHERE s.nature = 'business' AND EXISTS (SELECT FROM settlement_scheme_version v WHERE v.scheme_id = s.id AND v.state = 'released')`,
  )
  const known = new Map(rows.map((row) => [row.id, row]))
  return (id) => known.get(id)
}

/**
 * Saves a scheme's next version as a draft; the draft before, if it is still one, is replaced.
 * @returns the version, or what is wrong with it by field: then nothing is changed
 */
export async function saveScheme(client: pg.ClientBase, { id, nameZh, nameEn, spec, by, at }: SchemeToSave): Promise<Saved> {
  const problems = checkScheme(spec, await businessSchemes(client))
  if (problems.length > 0) return { saved: false, problems }
  const businessType = spec.nature === 'business' ? spec.businessType : null
  const { rows: known } = await client.query<{ same: boolean }>(
    `INSERT INTO settlement_scheme AS s (id, nature, kind, business_type, name_zh, name_en) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO UPDATE SET name_zh = CASE WHEN s.nature = $2 AND s.kind = $3 AND s.business_type IS NOT DISTINCT FROM $4 THEN $5 ELSE s.name_zh END,
       name_en = CASE WHEN s.nature = $2 AND s.kind = $3 AND s.business_type IS NOT DISTINCT FROM $4 THEN $6 ELSE s.name_en END
     RETURNING s.nature = $2 AND s.kind = $3 AND s.business_type IS NOT DISTINCT FROM $4 AS same`,
    [id, spec.nature, spec.kind, businessType, nameZh, nameEn],
  )
  if (!known[0]?.same) {
    const message = { zh: `方案 ${id} 的类别已定，不能改变`, en: `scheme ${id} is of another nature, kind or business type: give a new id` }
    return { saved: false, problems: [{ field: 'id', message }] }
  }
  const { rows } = await client.query<{ version: number; no: number }>(
    `INSERT INTO settlement_scheme_version AS v (scheme_id, version, spec, state, saved_by, saved_at)
     SELECT $1, coalesce(max(version) FILTER (WHERE state <> 'draft'), 0) + 1, $2, 'draft', $3, $4 FROM settlement_scheme_version WHERE scheme_id = $1
     ON CONFLICT (scheme_id, version) DO UPDATE SET spec = excluded.spec, saved_by = excluded.saved_by, saved_at = excluded.saved_at
     RETURNING version, no`,
    [id, JSON.stringify(spec), by, new Date(at)],
  )
  return { saved: true, ...rows[0]! }
}

/** Releases a draft: runs that choose from now on take it. @returns false where there is no such draft */
export async function releaseScheme(db: Db, scheme: string, version: number, by: string, at: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE settlement_scheme_version SET state = 'released', released_by = $3, released_at = $4
      WHERE scheme_id = $1 AND version = $2 AND state = 'draft'`,
    [scheme, version, by, new Date(at)],
  )
  return rowCount === 1
}

/** SQL: the newest released version of each scheme. */
export const newestReleased = `(SELECT DISTINCT ON (scheme_id) scheme_id, no, version, spec FROM settlement_scheme_version
  WHERE state = 'released' ORDER BY scheme_id, version DESC)`

/** Versions of business schemes by number. */
export async function businessVersions(db: Db, nos: readonly number[]): Promise<CompiledFrom[]> {
  const { rows } = await db.query<{ no: number; spec: BusinessScheme }>(
    'SELECT no, spec FROM settlement_scheme_version WHERE no = ANY($1) ORDER BY no',
    [nos],
  )
  return rows.map(({ no, spec }) => ({ no, scheme: spec }))
}

/** All business schemes of a kind that hold now. */
export async function releasedBusiness(db: Db, kind: string): Promise<CompiledFrom[]> {
  const { rows } = await db.query<{ no: number; spec: BusinessScheme }>(
    `SELECT v.no, v.spec FROM ${newestReleased} v JOIN settlement_scheme s ON s.id = v.scheme_id
      WHERE s.nature = 'business' AND s.kind = $1 ORDER BY v.no`,
    [kind],
  )
  return rows.map(({ no, spec }) => ({ no, scheme: spec }))
}

/** A composite scheme's newest released version. */
export async function releasedComposite(db: Db, id: string): Promise<{ no: number; spec: CompositeScheme } | undefined> {
  const { rows } = await db.query<{ no: number; spec: CompositeScheme }>(
    `SELECT v.no, v.spec FROM ${newestReleased} v JOIN settlement_scheme s ON s.id = v.scheme_id WHERE s.id = $1 AND s.nature = 'composite'`,
    [id],
  )
  return rows[0]
}
