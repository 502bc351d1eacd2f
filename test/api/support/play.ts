/** Orders taken through their steps by whoever they were offered to. */
import type { Response } from 'supertest'
import type { Caller, Door } from './door.ts'

/** Starts an order about a customer of Nanjing and answers its id. */
export async function startOrder(
  door: Door,
  process: string,
  input: Record<string, unknown>,
  { by = 'kac', customer = undefined as string | undefined } = {},
): Promise<string> {
  const { rows } = await door.db.pool.query("SELECT id FROM customer WHERE starts_with(region_path, '/cn/js/nj') ORDER BY id LIMIT 1")
  const body = { process, customerId: customer ?? rows[0].id, title: `${process} of a test`, input }
  const response = await (await door.as(by)).post('/orders', body)
  if (response.status !== 201) throw new Error(JSON.stringify(response.body))
  return (response.body as { order: string }).order
}

/** The open task of a step, and who may do it; of a joint step, who may sign for the party. */
export async function openTask(
  door: Door,
  order: string,
  step: string,
  party?: string,
): Promise<{ task: string; status: string; by: Caller }> {
  const { rows } = await door.db.pool.query<{ task: string; status: string; login: string | null }>(
    `SELECT t.task, t.status, p.login
       FROM task t LEFT JOIN signature g ON g.order_id = t.order_id AND g.task = t.task AND g.party = $3
       LEFT JOIN LATERAL (
         SELECT s.login FROM staff s JOIN staff_role r ON r.staff_id = s.id
          WHERE s.id = coalesce(g.person_id, t.person_id) OR (coalesce(g.person_id, t.person_id) IS NULL AND r.unit_id = coalesce(g.unit_id, t.unit_id))
          ORDER BY s.login LIMIT 1) p ON TRUE
      WHERE t.order_id = $1 AND t.step = $2 AND t.closed_at IS NULL`,
    [order, step, party ?? ''],
  )
  const [found] = rows
  if (!found?.login) throw new Error(`${order}: nobody has ${step}${party ? ` (${party})` : ''}: ${JSON.stringify(rows)}`)
  return { task: found.task, status: found.status, by: await door.as(found.login) }
}

/** The open task of a step is accepted and completed; answers the completion. */
export async function complete(
  door: Door,
  order: string,
  step: string,
  outcome: string,
  form: Record<string, unknown> = {},
): Promise<Response> {
  const { task, status, by } = await openTask(door, order, step)
  if (status === 'offered') await by.command(order, { type: 'accept', task })
  return by.command(order, { type: 'complete', task, outcome, form })
}

/** As `complete`, where it must succeed. */
export async function did(door: Door, order: string, step: string, outcome: string, form: Record<string, unknown> = {}): Promise<void> {
  const { status, body } = await complete(door, order, step, outcome, form)
  if (status !== 200) throw new Error(`${step}=${outcome}: ${JSON.stringify(body)}`)
}

/** A party signs. */
export async function signed(door: Door, order: string, step: string, party: string, answer: string, opinion?: string): Promise<Caller> {
  const { task, by } = await openTask(door, order, step, party)
  const { status, body } = await by.command(order, { type: 'sign', task, party, answer, ...(opinion && { opinion }) })
  if (status !== 200) throw new Error(`${step}/${party}: ${JSON.stringify(body)}`)
  return by
}
