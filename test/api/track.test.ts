/** The customer's page: who has the link sees his order in his words and answers what is asked of him; nothing of ours is on it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FieldSpec, OutcomeSpec } from '../../domain/order/spec.ts'
import { complaintSpec } from '../../domain/processes/complaint.ts'
import { openDoor, type Door, MINUTE } from './support/door.ts'
import { complete, did, startOrder } from './support/play.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

type Item = Record<string, any>
const REMARK = 'Internal: this customer always complains, see Zhou'

/** What a form wants, filled with what passes. */
const filled = (fields: Readonly<Record<string, FieldSpec>> = {}, form: Item = {}): Item => {
  const values: Partial<Record<FieldSpec['type'], unknown>> = { instant: door.now.value, number: 1, boolean: false }
  const wanted = Object.entries(fields).filter(([, { required }]) => required)
  return { ...Object.fromEntries(wanted.map(([name, { type, choices }]) => [name, choices?.[0] ?? values[type] ?? REMARK])), ...form }
}
const complaint = (): Promise<string> =>
  startOrder(door, 'complaint', filled(complaintSpec.input, { content: 'The line drops every evening', number: '02584000001' }))
const passes = (order: string, step: keyof typeof complaintSpec.steps, outcome: string, form: Item = {}): Promise<void> => {
  const outcomes: Readonly<Record<string, OutcomeSpec>> = complaintSpec.steps[step].outcomes
  return did(door, order, step, outcome, filled(outcomes[outcome]!.form, form))
}
async function asked(): Promise<string> {
  const order = await complaint()
  await passes(order, 'receive-complaint', 'received')
  await passes(order, 'record-classify', 'classified')
  await passes(order, 'self-resolve', 'resolved')
  await passes(order, 'reply-customer', 'replied')
  return order
}
async function linkTo(order: string, body: Item = {}): Promise<{ token: string; id: string }> {
  const { status, body: made } = await (await door.as('kac')).post(`/orders/${order}/track-links`, body)
  expect([status, made.code]).toEqual([201, undefined])
  return made as { token: string; id: string }
}
const page = async (token: string): Promise<Item> => (await door.anybody.get(`/track/${token}`)).body as Item
const say = (token: string, body: Item, key: string = randomUUID()) =>
  door.anybody.post(`/track/${token}/commands`, body, { 'Idempotency-Key': key })
const eventsOf = async (order: string): Promise<Item[]> =>
  (await (await door.as('auditor')).get(`/orders/${order}/events?limit=200`)).body.items as Item[]

describe('a link', () => {
  it('is unguessable, is shown once, is listed without its token, and leads nowhere once it is revoked or over', async () => {
    const order = await complaint()
    const staff = await door.as('kac')
    const key = { 'Idempotency-Key': randomUUID() }
    const first = await staff.post(`/orders/${order}/track-links`, {}, key)
    expect(first.body.token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect((await staff.post(`/orders/${order}/track-links`, {}, key)).body).not.toHaveProperty('token')
    const listed = (await staff.get(`/orders/${order}/track-links`)).body.items as Item[]
    expect(listed.map(({ id, active }) => [id, active])).toEqual([[first.body.id, true]])
    expect(JSON.stringify(listed)).not.toContain(first.body.token)
    const kept = (await door.db.pool.query('SELECT * FROM track_link WHERE id = $1', [first.body.id])).rows[0] as Item
    expect(JSON.stringify(kept)).not.toContain(first.body.token)

    const short = await linkTo(order, { expiresAt: new Date(door.now.value + MINUTE).toISOString() })
    expect((await door.anybody.get(`/track/${short.token}`)).status).toBe(200)
    door.now.value += 2 * MINUTE
    const unknown = await door.anybody.get(`/track/${'A'.repeat(43)}`)
    const over = await door.anybody.get(`/track/${short.token}`)
    expect((await staff.del(`/orders/${order}/track-links/${first.body.id}`)).status).toBe(204)
    const revoked = await door.anybody.get(`/track/${first.body.token}`)
    const said = ({ status, body }: { status: number; body: Item }) => [status, body.code, body.title, body.detail]
    expect(said(over)).toEqual(said(unknown))
    expect(said(revoked)).toEqual(said(unknown))
    expect(unknown.status).toBe(404)
  })

  it('is made and revoked by those who may give the order commands, and no others', async () => {
    const order = await complaint()
    const { id } = await linkTo(order)
    for (const login of ['auditor', 'yuan.fang']) {
      const somebody = await door.as(login)
      expect([login, [403, 404].includes((await somebody.post(`/orders/${order}/track-links`, {})).status)]).toEqual([login, true])
      expect([login, [403, 404].includes((await somebody.del(`/orders/${order}/track-links/${id}`)).status)]).toEqual([login, true])
    }
  })
})

describe('the page', () => {
  it('shows how far it is in the customer’s words, what was promised, and what is asked of him', async () => {
    const order = await asked()
    const { token } = await linkTo(order)
    const seen = await page(token)
    expect(seen).toMatchObject({ status: 'open', asked: [{ ask: { en: 'Are you satisfied with how your complaint was handled?' } }] })
    expect((seen.steps as Item[]).map(({ title, state }) => [title.en, state])).toEqual([
      ['Your complaint is taken in', 'done'],
      ['Your account manager looks into it', 'done'],
      ['You are answered', 'done'],
      ['You say whether you are satisfied', 'now'],
      ['Your complaint is filed', 'upcoming'],
    ])
    expect(Date.parse(seen.promise.at as string)).toBeGreaterThan(door.now.value)
    expect((seen.asked[0].outcomes as Item[]).map(({ id }) => id)).toEqual(['satisfied', 'not-satisfied'])
  })

  it('marks each time that the promise moved', async () => {
    const order = await complaint()
    const { token } = await linkTo(order)
    const { promise: before } = await page(token)
    door.now.value += 30 * 60 * MINUTE
    await passes(order, 'receive-complaint', 'received')
    const { promise } = await page(token)
    expect(promise.first).toBe(before.at)
    expect((promise.moved as Item[]).at(-1)).toMatchObject({ to: promise.at })
    expect(Date.parse(promise.at as string)).toBeGreaterThan(Date.parse(promise.first as string))
  })

  it('has nothing of ours on it', async () => {
    const order = await asked()
    const worker = await door.as('kac')
    expect((await worker.command(order, { type: 'comment', text: REMARK })).status).toBe(200)
    const { token } = await linkTo(order)
    const strings: string[] = []
    const walk = (value: unknown): void => {
      if (typeof value === 'string') strings.push(value)
      else if (Array.isArray(value)) value.forEach(walk)
      else if (typeof value === 'object' && value !== null)
        for (const [name, item] of Object.entries(value)) void (strings.push(name), walk(item))
    }
    walk(await page(token))
    const text = strings.join('\n')
    const { rows: ours } = await door.db.pool.query<{ word: string }>(
      `SELECT unnest(ARRAY[id, name_zh, name_en]) AS word FROM staff UNION SELECT unnest(ARRAY[id, name_zh, name_en]) FROM org_unit`,
    )
    for (const { word } of ours) expect([word, text.includes(word)]).toEqual([word, false])
    expect(text).not.toContain(REMARK)
    for (const name of ['facts', 'person', 'unit', 'budget', 'ladder', 'policy', 'region', 'customer', 'undo', 'queue', 'limit'])
      expect([name, strings.includes(name)]).toEqual([name, false])
  })
})

describe('an answer', () => {
  it('is the customer’s own, counts once, and climbs where he is not satisfied', async () => {
    const order = await asked()
    const { token } = await linkTo(order)
    const [{ task }] = (await page(token)).asked as [Item]
    const no = { type: 'complete', task: task as string, outcome: 'not-satisfied', form: { remark: 'it still drops' } }
    const key = randomUUID()
    const first = await say(token, no, key)
    expect([first.status, first.body.code]).toEqual([200, undefined])
    const again = await say(token, no, key)
    expect([again.status, again.body]).toEqual([200, first.body])
    const done = (await eventsOf(order)).filter(({ type, data }) => type === 'task-completed' && data.outcome === 'not-satisfied')
    expect(done.map(({ actor }) => (actor as Item).kind)).toEqual(['customer'])
    expect((await page(token)).asked).toEqual([])
  })

  it('may put off what is to be agreed', async () => {
    const { rows } = await door.db.pool.query<{ id: string; customer_id: string }>(
      "SELECT k.id, k.customer_id FROM contract k JOIN customer c ON c.id = k.customer_id WHERE k.status = 'signed' AND starts_with(c.region_path, '/cn/js/nj') ORDER BY k.id LIMIT 1",
    )
    const input = { contract: rows[0]!.id, unit: 'nj-branch', siteA: 'A', siteZ: 'Z', testReport: 'passed at 10 Mbit/s', amount: 100_000 }
    const order = await startOrder(door, 'data-service-activation', input, { customer: rows[0]!.customer_id })
    await did(door, order, 'circuit-tested', 'passed')
    const { token } = await linkTo(order)
    const [{ task, outcomes }] = (await page(token)).asked as [Item]
    expect((outcomes as Item[]).map(({ id }) => id)).toEqual(['confirmed', 'postponed'])
    const off = await say(token, {
      type: 'complete',
      task: task as string,
      outcome: 'postponed',
      form: { reason: 'we move in later' },
    })
    expect(off.status).toBe(200)
    const [next] = (await page(token)).asked as Item[]
    expect(next!.task).not.toBe(task)
  })

  it('is refused where nothing is asked, for other orders, and for what is ours to decide', async () => {
    const [order, other] = [await complaint(), await asked()]
    const { token } = await linkTo(order)
    const code = async (body: Item): Promise<unknown> => (await say(token, body)).body.code
    expect(await code({ type: 'complete', task: 'receive-complaint.1', outcome: 'received' })).toBe('NO_SUCH_TASK')
    expect(await code({ type: 'complete', order: other, task: 'decide-satisfied.1', outcome: 'satisfied' })).toBe('NOT_FOUND')
    expect(await code({ type: 'withdraw', reason: 'mine' })).toBe('VALIDATION_FAILED')
  })

  it('may be a word or a file; both are kept as his', async () => {
    const order = await asked()
    const { token } = await linkTo(order)
    expect((await say(token, { type: 'comment', text: 'It dropped again last night' })).status).toBe(200)
    expect((await page(token)).messages).toMatchObject([{ from: 'you', text: 'It dropped again last night' }])
    const [{ task }] = (await page(token)).asked as [Item]
    const file = await door.anybody
      .raw('post', `/track/${token}/attachments`)
      .set('Idempotency-Key', randomUUID())
      .field('task', task as string)
      .attach('file', Buffer.from('times of the drops'), 'drops.txt')
    expect([file.status, file.body.name]).toEqual([201, 'drops.txt'])
    const { rows } = await door.db.pool.query<{ uploaded_by: string }>('SELECT uploaded_by FROM attachment WHERE order_id = $1', [order])
    expect(rows[0]!.uploaded_by).toMatch(/^customer:/)
    // Where nothing is asked there is nothing to attach to.
    const none = await door.anybody
      .raw('post', `/track/${token}/attachments`)
      .set('Idempotency-Key', randomUUID())
      .field('task', 'receive-complaint.1')
      .attach('file', Buffer.from('x'), 'x.txt')
    expect(none.body.code).toBe('NO_SUCH_TASK')
  })

  it('comes too late where ours was first', async () => {
    const order = await asked()
    const { token } = await linkTo(order)
    const [{ task }] = (await page(token)).asked as [Item]
    expect((await complete(door, order, 'decide-satisfied', 'satisfied')).status).toBe(200)
    const late = await say(token, { type: 'complete', task: task as string, outcome: 'not-satisfied', form: { remark: 'no' } })
    expect([409, 404, 422].includes(late.status)).toBe(true)
  })
})
