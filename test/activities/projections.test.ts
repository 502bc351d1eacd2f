import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digest } from '../../domain/order/hash.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { faultLevel1 } from '../../workflows/fault/fault-level-1.ts'
import { contractCountersign } from '../../workflows/order/contract-countersign.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Desk, everybodyPresent, faultAbout, MINUTE } from './desk.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
})
afterAll(() => db.drop())

let orders = 0
const text = { text: 'we agree', amount: 5_000_000, termMonths: 12, discountPct: 5 }
const authority = { authority: { rule: 'r@1', maxAmount: 1e12, maxTermMonths: 600, maxDiscountPct: 100 } }

async function contract(more: Record<string, Fact> = {}, id = `ct-order-${++orders}`): Promise<Desk> {
  const order = new Desk(db.pool, contractCountersign, id)
  await order.open({ region: '/cn/js/nj', title: 'Leased line', facts: more })
  return order
}
const answer = async (order: Desk, party: string, what: string) => {
  const { id, parties } = order.task('countersign-business')
  order.now += MINUTE
  await order.act(parties![party]!.person!, { type: 'sign', task: id, party, answer: what })
}
const agreed = async (order: Desk) => {
  await order.do('countersign-finance', 'agreed', { opinion: 'fine' })
  await answer(order, 'business', 'agree')
  await answer(order, 'lawyer', 'agree')
}
const approved = async (order: Desk) => {
  await order.do('customer-review', 'accepted', { answeredBy: 'Mr Li' })
  const { id, person } = order.task('director-review')
  await order.act(person!, { type: 'accept', task: id })
  await order.act(person!, { type: 'complete', task: id, outcome: 'approved-within-authority' }, authority)
}
const row = async (order: Desk) => (await db.pool.query('SELECT * FROM contract WHERE id = $1', [`ct-${order.state.id}`])).rows[0]
const versions = async (order: Desk) =>
  (await db.pool.query('SELECT * FROM contract_version WHERE contract_id = $1 ORDER BY version', [`ct-${order.state.id}`])).rows

describe('P-04', () => {
  it('keeps every text as a version, then the signature and the archive number', async () => {
    const order = await contract()
    const due = Date.UTC(2026, 5, 30, 17)
    await order.do('draft-contract', 'drafted', { ...text, constructionDue: due, compensationClause: 'a day for a day' })
    const drafter = order.state.doers['draft-contract']
    expect(await row(order)).toMatchObject({
      no: order.state.no,
      status: 'countersigning',
      amount: '5000000',
      term_months: 12,
      compensation_clause: 'a day for a day',
      drafted_by: drafter,
      customer_id: 'cu-001',
      title: 'Leased line',
    })
    // 1 July 01:00 in China.
    expect((await db.pool.query('SELECT due_date::text AS due FROM contract WHERE id = $1', [`ct-${order.state.id}`])).rows[0].due).toBe(
      '2026-07-01',
    )
    expect((await order.rows('SELECT contract_id FROM orders WHERE id = $1'))[0].contract_id).toBe(`ct-${order.state.id}`)
    await order.do('countersign-finance', 'agreed', { opinion: 'fine' })
    await answer(order, 'business', 'object')
    await order.do('draft-contract', 'drafted', { ...text, amount: 4_000_000, text: 'we agree on less' })
    expect((await versions(order)).map(({ version, text: body, amount }) => [version, body, amount])).toEqual([
      [1, 'we agree', '5000000'],
      [2, 'we agree on less', '4000000'],
    ])
    await agreed(order)
    await approved(order)
    const signedAt = order.now - 5 * MINUTE
    await order.do('sign-contract', 'signed', { signedAt, signatory: 'Mr Li' })
    expect(await row(order)).toMatchObject({ status: 'signed', amount: '4000000', signed_at: new Date(signedAt) })
    await order.do('archive-contract', 'archived', { archiveNo: 'A-77' })
    expect(await row(order)).toMatchObject({ archive_no: 'A-77' })
    expect(order.state.end).toBe('signed')
  })

  it('goes on where the archive number is somebody else’s', async () => {
    const order = await contract()
    await order.do('draft-contract', 'drafted', text)
    await agreed(order)
    await approved(order)
    await order.do('sign-contract', 'signed', { signedAt: order.now, signatory: 'Mr Li' })
    await order.do('archive-contract', 'archived', { archiveNo: 'A-77' })
    expect((await row(order)).archive_no).toBe(`A-77 / ${order.state.no}`)
  })

  it('takes a long text from where its digest leads', async () => {
    const long = 'Clause. '.repeat(200)
    await db.pool.query('INSERT INTO order_text VALUES ($1, $2, now())', [digest(long), long])
    const order = await contract()
    await order.do('draft-contract', 'drafted', { ...text, text: `digest:${digest(long)}` })
    expect((await versions(order))[0].text).toBe(long)
  })

  it('voids what the customer gave up, and what was withdrawn, but nothing that is signed', async () => {
    const given = await contract()
    await given.do('draft-contract', 'drafted', text)
    await agreed(given)
    await given.do('customer-review', 'withdrawn', { answeredBy: 'Mr Li', reason: 'too dear' })
    expect(await row(given)).toMatchObject({ status: 'void' })

    const withdrawn = await contract()
    await withdrawn.do('draft-contract', 'drafted', text)
    await withdrawn.act('st-005', { type: 'withdraw', reason: 'mistake' }, { roles: ['supervisor'] })
    expect(withdrawn.state.status).toBe('withdrawing')
    const input = { order: withdrawn.state.id, effect: 'void-contract', at: withdrawn.now }
    await withdrawn.activities.undo(input)
    await withdrawn.activities.undo(input)
    expect(await row(withdrawn)).toMatchObject({ status: 'void' })
    await withdrawn.give({ kind: 'undone', effect: 'void-contract' })
    expect(withdrawn.state.end).toBe('withdrawn')

    const { rows } = await db.pool.query("SELECT id FROM contract WHERE status = 'signed' AND id LIKE 'ct-ct-order-%' LIMIT 1")
    await withdrawn.activities.undo({ ...input, order: rows[0].id.slice(3) })
    expect((await db.pool.query('SELECT status FROM contract WHERE id = $1', [rows[0].id])).rows[0].status).toBe('signed')
  })
})

describe('P-12', () => {
  const decided = async () => {
    const order = new Desk(db.pool, faultLevel1, `fl-${++orders}`)
    await order.open(await faultAbout(db.pool))
    await order.do('report-fault', 'registered')
    await order.do('issue-fault-application', 'sent', { application: 'a' })
    const { id, parties } = order.task('start-standby-and-plan')
    await order.act(parties!.standby!.person!, { type: 'sign', task: id, party: 'standby', answer: 'restored' })
    await order.act(parties!.plan!.person!, { type: 'sign', task: id, party: 'plan', answer: 'planned' })
    await order.do('implement-solution', 'fixed', { solution: 'new card' })
    await order.do('decide-compensation', 'yes')
    return order
  }
  const rows = (order: Desk) =>
    order.rows(
      'SELECT n, basis, state, amount, clause, approved_by, agreement_order_id, paid_at FROM compensation WHERE order_id = $1 ORDER BY n',
    )

  it('pays by the clause', async () => {
    const order = await decided()
    await order.do('decide-clause', 'yes', { clause: 'a day for a day' })
    await order.do('propose-by-contract', 'rejected', { reason: 'too much' })
    expect(await rows(order)).toEqual([])
    await order.do('propose-by-contract', 'approved', { amount: 90_000, proposal: 'three days', approvedBy: 'st-004' })
    expect(await rows(order)).toMatchObject([
      { n: 1, basis: 'clause', state: 'approved', amount: '90000', clause: 'a day for a day', approved_by: 'st-004', paid_at: null },
    ])
    await order.do('execute-compensation', 'executed', { amount: 90_000 })
    expect(await rows(order)).toMatchObject([{ state: 'paid', paid_at: new Date(order.now) }])
    expect(order.state.irreversible).toBe(true)
  })

  it('pays by an agreement once it is signed; one that could not be signed is void', async () => {
    const order = await decided()
    await order.do('decide-clause', 'no')
    await order.do('negotiate-compensation', 'agreed', { amount: 50_000, terms: 'half a month' })
    const first = order.task('sign-agreement').child!
    const opened = await contract({ purpose: 'compensation' }, first)
    expect(opened.state.id).toBe(first)
    await order.give({ kind: 'child-ended', child: first, end: 'abandoned' })
    expect(await rows(order)).toMatchObject([{ n: 1, basis: 'agreement', state: 'void' }])
    await order.do('negotiate-compensation', 'agreed', { amount: 60_000, terms: 'a month' })
    const second = order.task('sign-agreement').child!
    await contract({ purpose: 'compensation' }, second)
    await order.give({ kind: 'child-ended', child: second, end: 'signed' })
    expect(await rows(order)).toMatchObject([{ state: 'void' }, { n: 2, state: 'agreed', agreement_order_id: second }])
    await order.do('execute-compensation', 'executed', { amount: 60_000, paidAt: order.now - 1 })
    expect(await rows(order)).toMatchObject([
      { state: 'void' },
      { n: 2, state: 'paid', amount: '60000', paid_at: new Date(order.now - MINUTE - 1) },
    ])
  })

  it('keeps a waiver', async () => {
    const order = await decided()
    await order.do('decide-clause', 'no')
    await order.do('negotiate-compensation', 'waived', { answeredBy: 'Mr Li' })
    expect(await rows(order)).toMatchObject([{ n: 1, basis: 'agreement', state: 'waived', amount: '0' }])
  })
})
