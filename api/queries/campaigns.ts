/** Campaigns of the own region. */
import type { z } from 'zod'
import { uplift } from '../../domain/retention/uplift.ts'
import { type Arm, armsOf } from '../../prisma/retention/campaigns.ts'
import type { Principal } from '../auth/principal.ts'
import { Problem } from '../problem.ts'
import type { campaign } from '../schemas/retention.ts'
import { all, below, type Db, rows, sql } from './sql.ts'

type Campaign = z.output<typeof campaign>

interface Row {
  id: string
  name_zh: string
  name_en: string
  region_path: string
  spec: Campaign['spec']
  budget: string
  spent: string
  state: Campaign['state']
  saved_by: string
  saved_at: Date
  started_by: string | null
  started_at: Date | null
}

const campaignOf = (row: Row): Campaign => ({
  id: row.id,
  name: { zh: row.name_zh, en: row.name_en },
  region: row.region_path,
  state: row.state,
  spec: row.spec,
  budget: Number(row.budget),
  spent: Number(row.spent),
  savedBy: row.saved_by,
  savedAt: row.saved_at.toISOString(),
  startedBy: row.started_by,
  startedAt: row.started_at?.toISOString() ?? null,
})

export async function listCampaigns(db: Db, principal: Principal, id?: string): Promise<Campaign[]> {
  const found = await rows<Row>(
    db,
    sql`SELECT c.* FROM campaign c WHERE ${all([below(sql`c.region_path`, principal.region.path), id !== undefined && sql`c.id = ${id}`])}
         ORDER BY c.saved_at DESC, c.id`,
  )
  return found.map(campaignOf)
}

/** @throws Problem NOT_FOUND */
export async function requireCampaign(db: Db, principal: Principal, id: string): Promise<Campaign> {
  const [found] = await listCampaigns(db, principal, id)
  if (!found) throw new Problem('NOT_FOUND')
  return found
}

const armOf = ({ n, closed, left, attempts, positive, results, ends, days, cost }: Arm) => ({
  customers: n,
  closed,
  left,
  stayed: n === 0 ? null : (n - left) / n,
  attempts,
  positive,
  results,
  ends,
  days,
  cost: Number(cost),
})

/** A campaign measured against its holdout. */
export async function measured(db: Db, found: Campaign) {
  const { treated, holdout } = await armsOf(db, found.id)
  const share = ({ n, left }: Arm) => ({ n, stayed: n - left })
  return { ...found, treated: armOf(treated), holdout: armOf(holdout), uplift: uplift(share(treated), share(holdout)) ?? null }
}
