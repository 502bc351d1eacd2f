/** Settlement schemes and their versions. */
import type { z } from 'zod'
import type { Scheme } from '../../../domain/settlement/scheme.ts'
import { Problem } from '../../problem.ts'
import type { scheme, schemesQuery } from '../../schemas/settlement.ts'
import { all, type Db, rows, sql } from '../sql.ts'

interface Row {
  id: string
  nature: string
  kind: 'commission' | 'sharing'
  business_type: string | null
  name_zh: string
  name_en: string
  released: number | null
  draft: number | null
}

const select = sql`
  SELECT s.*, (SELECT max(version) FROM settlement_scheme_version v WHERE v.scheme_id = s.id AND v.state = 'released') AS released,
         (SELECT max(version) FROM settlement_scheme_version v WHERE v.scheme_id = s.id AND v.state = 'draft') AS draft
    FROM settlement_scheme s`

const schemeOf = (row: Row): z.output<typeof scheme> => ({
  id: row.id,
  nature: row.nature,
  kind: row.kind,
  businessType: row.business_type,
  name: { zh: row.name_zh, en: row.name_en },
  released: row.released,
  draft: row.draft,
})

export async function listSchemes(db: Db, { nature, kind }: z.output<typeof schemesQuery>) {
  const found = await rows<Row>(
    db,
    sql`${select} WHERE ${all([nature !== undefined && sql`s.nature = ${nature}`, kind !== undefined && sql`s.kind = ${kind}`])} ORDER BY s.nature DESC, s.id`,
  )
  return found.map(schemeOf)
}

interface VersionRow {
  version: number
  state: 'draft' | 'released' | 'withdrawn'
  spec: Scheme
  saved_by: string
  saved_at: Date
  released_by: string | null
  released_at: Date | null
}

/** A scheme with all its versions, the newest first. @throws Problem NOT_FOUND */
export async function wholeScheme(db: Db, id: string) {
  const [row] = await rows<Row>(db, sql`${select} WHERE s.id = ${id}`)
  if (!row) throw new Problem('NOT_FOUND')
  const versions = await rows<VersionRow>(db, sql`SELECT * FROM settlement_scheme_version WHERE scheme_id = ${id} ORDER BY version DESC`)
  return {
    ...schemeOf(row),
    versions: versions.map(
      ({ version, state, spec, saved_by: savedBy, saved_at: savedAt, released_by: releasedBy, released_at: releasedAt }) => ({
        version,
        state,
        spec,
        savedBy,
        savedAt: savedAt.toISOString(),
        releasedBy,
        releasedAt: releasedAt?.toISOString() ?? null,
      }),
    ),
  }
}
