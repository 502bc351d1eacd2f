/** P-14 archive-fault: an entry of the case library. */
import { subjectOf } from '../../domain/order/plan.ts'
import { iso } from '../../domain/order/rows/order.ts'
import { bodyOf, type Happening, type Projected, str } from './projection.ts'

export function archivedCase({ event, after, facts }: Happening): Projected {
  const known = (name: string) => str(after.facts[name])
  const row = {
    product: subjectOf(after, facts).product ?? '',
    site: known('site'),
    symptom: known('symptom') ?? '',
    // The report says both; a fault that was cleared remotely may have a diagnosis only.
    cause: known('cause') ?? known('diagnosis') ?? '',
    solution: known('solution') ?? known('handling') ?? known('diagnosis') ?? '',
    at: iso(event.at),
  }
  return {
    statements: [
      {
        name: 'case_row',
        sql: `INSERT INTO fault_case (order_id, product, site, symptom, cause, solution, closed_at)
  SELECT o.id, r.product, r.site, ${bodyOf('r.symptom')}, ${bodyOf('r.cause')}, ${bodyOf('r.solution')}, r.at
  FROM o, jsonb_to_record($rows) AS r (product text, site text, symptom text, cause text, solution text, at timestamptz)`,
        param: row,
      },
    ],
  }
}
