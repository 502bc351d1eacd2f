/** P-05: the circuits that are held, and every acceptance with who took part and what was found. */
import { iso } from '../../domain/order/rows/order.ts'
import { type Happening, type Projected, texts, times } from './projection.ts'
import { reserve } from './resources.ts'

/** The circuits are the order's, until they are used or freed. */
export const prepared = ({ event, form }: Happening): Projected => ({ statements: reserve(texts(form.circuits), iso(event.at)!) })

/** One row for each round: qualified or not, with the opinion of each party; whoever objects says there what is wrong. */
export function accepted({ event, events, task, after }: Happening): Projected {
  // Signatures of this very move are not in the table yet.
  const opinions = Object.fromEntries(
    events.flatMap((e) => (e.type === 'signed' && e.data.task === task.id && e.data.opinion ? [[e.data.party, e.data.opinion]] : [])),
  )
  const row = {
    n: times(after, 'joint-acceptance', 'qualified') + times(after, 'joint-acceptance', 'not-qualified'),
    verdict: event.data.outcome,
    task: task.id,
    parties: Object.entries(task.parties ?? {}).map(([party, { answer, by }]) => ({
      party,
      answer,
      by,
      ...(opinions[party] && { opinion: opinions[party] }),
    })),
    at: iso(event.at),
  }
  const said = `(SELECT s.opinion FROM signature s WHERE s.order_id = o.id AND s.task = r.task AND s.party = p ->> 'party')`
  const opinion = `coalesce(p ->> 'opinion', ${said})`
  return {
    statements: [
      {
        name: 'acceptance_row',
        sql: `INSERT INTO acceptance_record (order_id, n, participants, verdict, defects, at)
  SELECT o.id, r.n, (SELECT jsonb_agg(jsonb_strip_nulls(p || jsonb_build_object('opinion', ${opinion})) ORDER BY p ->> 'party') FROM jsonb_array_elements(r.parties) p), r.verdict,
    (SELECT string_agg((p ->> 'party') || ': ' || ${opinion}, E'\\n' ORDER BY p ->> 'party') FROM jsonb_array_elements(r.parties) p
      WHERE p ->> 'answer' = 'not-qualified' AND ${opinion} IS NOT NULL), r.at
  FROM o, jsonb_to_record($rows) AS r (n int, verdict text, task text, parties jsonb, at timestamptz)`,
        param: row,
      },
    ],
  }
}
