/** What P-09 and P-11 leave in the record, what the machine says at reception, and where it raises a complaint to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digest } from '../../domain/order/hash.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { complaint } from '../../workflows/complaint/complaint.ts'
import { suggestion } from '../../workflows/complaint/suggestion.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Desk, everybodyPresent, historyOf, HOUR, MINUTE, MONDAY } from './desk.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
})
afterAll(() => db.drop())

const DAY = 24 * HOUR
let orders = 0

async function complained(more: Record<string, Fact> = {}, now = MONDAY): Promise<Desk> {
  const order = new Desk(db.pool, complaint, `cp-${++orders}`, { now })
  const facts = {
    businessCategory: 'leased line',
    category: 'network',
    number: `025-${orders}`,
    complainant: 'Mr Li',
    raisedAt: now - HOUR,
    homeRegion: 'Nanjing',
    content: 'down every night',
    latestHandling: now + 30 * DAY,
    ...more,
  }
  await order.open({ region: '/cn/js/nj', title: 'Complaint', facts })
  return order
}
async function classified(more: Record<string, Fact> = {}): Promise<Desk> {
  const order = await complained(more)
  await order.do('receive-complaint', 'received')
  await order.do('record-classify', 'classified', { category: 'charge' })
  return order
}
const row = async (order: Desk) => (await order.rows('SELECT * FROM complaint WHERE order_id = $1'))[0]
const raise = async (order: Desk) => {
  const { id: task, step } = order.task('escalate-next')
  const input = { order: order.state.id, task, process: 'complaint', step, facts: order.state.facts, at: order.now }
  const result = await order.activities.automatic(input)
  expect(await order.activities.automatic(input)).toEqual(result)
  await order.give({ kind: 'automatic-done', task, result })
  return result.outcome
}
const unhappy = async (order: Desk) => {
  await order.do('reply-customer', 'replied', { answer: 'so it is' })
  await order.do('decide-satisfied', 'not-satisfied')
  return raise(order)
}
const sound = async (order: Desk) => {
  const { folded, kept, breakAt } = await historyOf(db.pool, order.state.id)
  expect(breakAt).toBe(-1)
  expect(folded).toEqual(kept)
}

describe('P-09', () => {
  it('keeps the complaint from its opening on, and every level that answers; each dissatisfaction goes one level up', async () => {
    const order = await complained({ number: '025-1000' })
    expect(await row(order)).toMatchObject({
      category: 'network',
      business_category: 'leased line',
      number: '025-1000',
      complainant: 'Mr Li',
      at: new Date(MONDAY - HOUR),
      home_region: 'Nanjing',
      level: null,
      satisfaction: null,
    })
    await order.do('receive-complaint', 'received')
    await order.do('record-classify', 'classified', { category: 'charge' })
    await order.do('self-resolve', 'resolved', { result: 'bill corrected' })
    expect(await row(order)).toMatchObject({
      category: 'charge',
      level: 'self',
      result: 'bill corrected',
      handled_by: order.state.doers['self-resolve'],
      handled_at: new Date(order.now),
    })
    expect(await unhappy(order)).toBe('to-departments')
    expect(await row(order)).toMatchObject({ satisfaction: 'not-satisfied' })
    await order.do('department-cooperate', 'resolved', { result: 'credit' })
    await order.do('department-feedback', 'fed-back', { result: 'credit of a month' })
    expect(await row(order)).toMatchObject({ level: 'departments', result: 'credit of a month' })
    expect(await unhappy(order)).toBe('to-yellow')
    await order.do('yellow-channel', 'resolved', { result: 'two months' })
    expect(await unhappy(order)).toBe('to-red')
    await order.do('red-channel', 'final-answer', { decision: 'two months and no more' })
    expect(await row(order)).toMatchObject({ level: 'red', result: 'two months and no more' })
    expect(await unhappy(order)).toBe('answer-is-final')
    await order.do('archive-needs', 'archived', { need: 'clear bills' })
    expect(await row(order)).toMatchObject({ level: 'red', satisfaction: 'not-satisfied', need: 'clear bills' })
    expect(order.state.end).toBe('closed')
    await sound(order)
  })

  it.each([
    ['satisfied', 'satisfied'],
    ['no-answer', 'no-answer'],
  ])('keeps %s', async (outcome, satisfaction) => {
    const order = await classified()
    await order.do('self-resolve', 'resolved', { result: 'done' })
    await order.do('reply-customer', 'replied', { answer: 'done' })
    await order.do('decide-satisfied', outcome)
    expect(await row(order)).toMatchObject({ satisfaction })
  })

  it('gives the answer back to whoever received it', async () => {
    const order = await classified()
    const receiver = order.state.doers['receive-complaint']
    await order.do('self-resolve', 'resolved', { result: 'done' })
    const { rows } = await db.pool.query(`SELECT role FROM staff_role WHERE staff_id = $1`, [receiver])
    expect(rows.map(({ role }) => role)).toContain('kac-staff')
    expect(order.task('reply-customer')).toMatchObject({ status: 'accepted', person: receiver })
  })

  it('asks each chosen department at its own desk', async () => {
    const order = await classified()
    await order.do('self-resolve', 'cannot', { reason: 'not mine', departments: ['js-business', 'js-technical'] })
    const tasks = await order.rows(
      `SELECT key, unit_id, queue FROM task WHERE order_id = $1 AND step = 'department-cooperate' ORDER BY key`,
    )
    // The technical department has nobody of the role: the nearest who has it takes it.
    expect(tasks[0]).toMatchObject({ key: 'js-business', unit_id: 'js-business', queue: null })
    expect(tasks[1]).toMatchObject({ key: 'js-technical', unit_id: 'js-business', queue: null })
  })

  it("lets the ticket's own latest time win where it is nearer, and moves up then", async () => {
    const latestHandling = MONDAY + 2 * HOUR
    const order = await classified({ latestHandling })
    expect(order.state.clocks['self-resolve.1/complete']?.due).toBe(latestHandling)
    expect(order.state.clocks.handling?.due).toBe(latestHandling)
    await order.tick(latestHandling - order.now)
    expect(Object.keys(order.state.tasks)).toEqual(['department-cooperate.1'])
    // Once past it shortens nothing any more: two working days.
    expect(order.state.clocks['department-cooperate.1/complete']?.budget).toBe(16 * HOUR)
    const later = await classified()
    expect(later.state.clocks['self-resolve.1/complete']).toMatchObject({ budget: 4 * HOUR, used: 0 })
    await sound(order)
  })

  it('takes three working days of silence for no answer', async () => {
    const order = await classified()
    await order.do('self-resolve', 'resolved', { result: 'done' })
    await order.do('reply-customer', 'replied', { answer: 'done' })
    const { due } = order.state.clocks['decide-satisfied.1/complete']!
    await order.tick(due - order.now - 1)
    expect(Object.keys(order.state.tasks)).toEqual(['decide-satisfied.1'])
    await order.tick(1)
    expect(Object.keys(order.state.tasks)).toEqual(['archive-needs.1'])
    expect(await row(order)).toMatchObject({ satisfaction: 'no-answer' })
  })

  it('shows an earlier complaint about the same number at reception, within the days of the rule that held then', async () => {
    const number = '025-7777'
    const now = MONDAY + 100 * DAY
    const advice = async (order: Desk) =>
      (await order.rows(`SELECT advice FROM task WHERE order_id = $1 AND step = 'receive-complaint'`))[0].advice
    const first = await complained({ number }, now)
    expect(await advice(first)).toMatchObject({ kind: 'repeat-complaint', days: 30, rule: 1, repeat: false, earlier: [] })
    await complained({ number: '025-7778' }, now + DAY)
    const second = await complained({ number }, now + 29 * DAY)
    expect(await advice(second)).toMatchObject({ repeat: true, earlier: [{ order: first.state.id, no: first.state.no, status: 'open' }] })
    const third = await complained({ number }, now + 45 * DAY)
    expect(await advice(third)).toMatchObject({ earlier: [{ order: second.state.id }] })
    await db.pool.query(
      `INSERT INTO rule (kind, id, version, spec, mark, valid_from) VALUES ('repeat', 'complaint', 2, '{"days": 60}', 'default', $1)`,
      [new Date(now + 46 * DAY)],
    )
    expect(await advice(await complained({ number }, now + 45.5 * DAY))).toMatchObject({
      rule: 1,
      earlier: [{ order: third.state.id }, {}],
    })
    const fifth = await advice(await complained({ number }, now + 47 * DAY))
    expect(fifth).toMatchObject({ rule: 2, days: 60 })
    expect(fifth.earlier).toHaveLength(4)
    await db.pool.query(`DELETE FROM rule WHERE kind = 'repeat' AND version = 2`)
  })
})

describe('P-11', () => {
  const suggested = async (facts: Record<string, Fact> = {}) => {
    const order = new Desk(db.pool, suggestion, `sg-${++orders}`)
    await order.open({
      region: '/cn/js/nj',
      title: 'One bill',
      facts: { channel: 'visit', raisedAt: MONDAY, content: 'one bill for all sites', product: 'dia', ...facts },
    })
    return order
  }
  const kept = async (order: Desk) => (await order.rows('SELECT * FROM suggestion WHERE order_id = $1'))[0]
  const analysed = async (order: Desk) => {
    await order.do('make-suggestion-report', 'made', { report: 'r' })
    await order.do('analyse-suggestions', 'analysed', { summaryNo: 'S-1', analysis: 'a' })
  }
  const messages = async (order: Desk) =>
    (await order.rows(`SELECT template FROM notification WHERE order_id = $1 AND recipient_kind = 'customer' ORDER BY id`)).map(
      ({ template }) => template as string,
    )

  it('thanks at the director’s word and answers when it is handled; the department named handles it', async () => {
    const order = await suggested()
    await analysed(order)
    expect(await kept(order)).toMatchObject({ content: 'one bill for all sites', product: 'dia', summary_no: 'S-1', decision: null })
    await order.do('director-review', 'adopt')
    const thanked = new Date(order.now)
    expect(await kept(order)).toMatchObject({ decision: 'adopt', thanked_at: thanked, answered_at: null })
    expect(await messages(order)).toEqual(['suggestion-thanks'])
    await order.do('notify-departments', 'notified', { unit: 'js-business' })
    expect(order.task('handle-suggestion').unit).toBe('js-business')
    await order.do('handle-suggestion', 'handled', { classification: 'done', handling: 'bills joined' })
    await order.do('reply-and-thank', 'replied', { answer: 'from May on' })
    expect(await kept(order)).toMatchObject({
      classification: 'done',
      answer: 'from May on',
      thanked_at: thanked,
      answered_at: new Date(order.now),
    })
    expect(await messages(order)).toEqual(['suggestion-thanks', 'suggestion-answered'])
    await sound(order)
  })

  it('keeps its own answer in a table that it shares, also when it is declined', async () => {
    const long = 'Because. '.repeat(100)
    await db.pool.query('INSERT INTO order_text VALUES ($1, $2, now())', [digest(long), long])
    const order = await suggested()
    await analysed(order)
    await order.do('director-review', 'decline', { reason: 'not ours' })
    expect(await kept(order)).toMatchObject({ decision: 'decline', thanked_at: null })
    order.now += MINUTE
    await order.do('reply-and-thank', 'replied', { answer: `digest:${digest(long)}` })
    expect(await kept(order)).toMatchObject({ answer: long, thanked_at: new Date(order.now), answered_at: new Date(order.now) })
    const { rows } = await db.pool.query(
      `SELECT count(*)::int AS n, count(DISTINCT answer)::int AS answers FROM suggestion WHERE summary_no = 'S-1'`,
    )
    expect(rows[0]).toEqual({ n: 2, answers: 2 })
  })
})
