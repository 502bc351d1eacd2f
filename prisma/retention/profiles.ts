/** Profiles as the record has them. */
import type pg from 'pg'
import type { History } from '../../domain/retention/fit-scorecard.ts'
import type { Profile } from '../../domain/retention/profile.ts'

/** SQL over `p`, a row of customer_profile: the profile as JSON, null where there is none. */
export const profileColumn = `CASE WHEN p.customer_id IS NOT NULL THEN jsonb_build_object('tenureMonths', p.tenure_months, 'contract', p.contract,
    'payment', p.payment, 'flags', p.flags, 'monthlyCharge', p.monthly_charge, 'totalCharge', p.total_charge, 'valueClass', p.value_class) END`

/** All customers of whom it is known whether they left. */
export async function historyOf(db: pg.Pool | pg.ClientBase): Promise<History[]> {
  const { rows } = await db.query<{ id: string; profile: Profile; left: boolean }>(
    `SELECT p.customer_id AS id, ${profileColumn} AS profile, p.churned AS "left" FROM customer_profile p WHERE p.churned IS NOT NULL ORDER BY 1`,
  )
  return rows
}
