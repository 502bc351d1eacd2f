import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import { canonical } from '../../domain/order/hash.ts'
import { gradedFault } from '../../workflows/fault/graded-fault.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Desk, everybodyPresent, faultAbout, historyOf, MINUTE, silent } from './desk.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
})
afterAll(() => db.drop())

let orders = 0
const desk = () => new Desk(db.pool, gradedFault, `gf-${++orders}`)

const fault = () => faultAbout(db.pool)

describe('record', () => {
  it('takes a fault from acceptance to the archive, and the rows say what the state says', async () => {
    const order = desk()
    await order.open(await fault())
    expect(order.state.no).toMatch(/^GF-20260105-\d{6}$/)
    await order.do('accept-fault', 'accepted')
    await order.do('diagnose', 'needs-dispatch', { diagnosis: 'fibre' })
    await order.do('dispatch-fault', 'dispatched', { unit: 'nj-maintenance' })
    expect(order.task('take-ticket').unit).toBe('nj-maintenance')
    await order.do('take-ticket', 'taken')
    expect(order.task('repair-fault').status).toBe('accepted')
    await order.do('repair-fault', 'repaired', { handling: 'spliced' }, 30)
    await order.do('return-receipt', 'returned')
    await order.do('confirm-recovery', 'recovered', { asked: 'Mr Li', answer: 'works' })
    await order.do('upload-report', 'uploaded', { report: 'at-1', cause: 'digger', solution: 'splice' })
    await order.do('archive-fault', 'archived')
    expect(order.state.status).toBe('closed')

    const { folded, kept, breakAt, events } = await historyOf(db.pool, order.state.id)
    expect(breakAt).toBe(-1)
    expect(canonical(folded)).toBe(canonical(kept))
    expect(canonical(kept)).toBe(canonical(order.state))
    const [row] = await order.rows(
      'SELECT status, "end", seq, hash, service_id, grade, closed_at, next_due_at, no FROM orders WHERE id = $1',
    )
    expect(row).toMatchObject({
      status: 'closed',
      end: 'closed',
      seq: events.length,
      hash: order.state.hash,
      service_id: order.state.facts.service,
      next_due_at: null,
    })
    const tasks = await order.rows(
      'SELECT task, status, outcome, done_by, accepted_at FROM task WHERE order_id = $1 ORDER BY opened_at, task',
    )
    expect(tasks.every((task) => task.status === 'done' && task.done_by !== null && task.accepted_at !== null)).toBe(true)
    expect(tasks).toHaveLength(9)
    const clocks = await order.rows('SELECT clock, stopped_at FROM clock WHERE order_id = $1')
    // Those of the tasks, the repair, and the promise.
    expect(clocks).toHaveLength(10)
    expect(clocks.every((clock) => clock.stopped_at !== null)).toBe(true)
    const [entry] = await order.rows('SELECT * FROM fault_case WHERE order_id = $1')
    expect(entry).toMatchObject({ symptom: 'loss of signal', cause: 'digger', solution: 'splice', product: order.state.facts.product })
    const commands = await order.rows('SELECT command_id, seq FROM order_command WHERE order_id = $1')
    expect(commands).toHaveLength(order.moves.length)
  })

  it('answers a repeated call as it did the first', async () => {
    const order = desk()
    await order.open(await fault())
    await order.do('accept-fault', 'accepted')
    await order.do('diagnose', 'needs-dispatch', { diagnosis: 'fibre' })
    const count = async () =>
      (
        await order.rows(
          'SELECT (SELECT count(*) FROM order_event WHERE order_id = $1) AS e, (SELECT count(*) FROM notification WHERE order_id = $1) AS n',
        )
      )[0]
    const before = await count()
    for (const [i, move] of order.moves.entries()) {
      const again = await order.activities.record(move)
      expect(canonical(again)).toBe(canonical(order.answers[i]))
    }
    expect(await count()).toEqual(before)
  })

  it('records a move once when two workers have it at the same time', async () => {
    const order = desk()
    await order.open(await fault())
    const other = desk()
    const opened = await fault()
    const first = await other.machine.advance(
      { kind: 'open', opened: { process: 'graded-fault', title: 't', priority: 2, ...opened }, actor: { kind: 'person', id: 'st-022' } },
      other.now,
    )
    const openings = await Promise.all(Array.from({ length: 6 }, () => other.activities.record(first!)))
    expect(new Set(openings.map(canonical)).size).toBe(1)

    const person = await order.holder('accept-fault')
    const { id } = order.task('accept-fault')
    const actor = { kind: 'person' as const, id: person, roles: ['monitor-centre'], units: [order.task('accept-fault').unit!] }
    const move = await order.machine.advance(
      { kind: 'command', command: { type: 'accept', task: id, id: 'c1', actor } },
      order.now + MINUTE,
    )
    const answers = await Promise.all(Array.from({ length: 6 }, () => order.activities.record(move!)))
    expect(new Set(answers.map(canonical)).size).toBe(1)
    order.machine.planned(answers[0]!)
    const { breakAt, kept } = await historyOf(db.pool, order.state.id)
    expect(breakAt).toBe(-1)
    expect(kept.seq).toBe(order.state.seq)
  })

  it('refuses a gap, another predecessor and another hash, naming both', async () => {
    const order = desk()
    await order.open(await fault())
    const move = (await order.machine.advance(
      { kind: 'command', command: { type: 'comment', text: 'x', id: 'c9', actor: { kind: 'person', id: 'st-022' } } },
      order.now,
    ))!
    const { seq } = (await historyOf(db.pool, order.state.id)).kept
    const failure = (change: object) =>
      order.activities.record({ ...move, ...change }).then(
        () => undefined,
        (error) => error,
      )
    for (const change of [{ base: seq + 3 }, { prev: 'f'.repeat(64) }, { head: 'e'.repeat(64) }, { base: 1 }]) {
      const error = await failure(change)
      expect(error).toMatchObject({ type: 'CHAIN_BROKEN', nonRetryable: true })
      expect(error.message).toContain(`order ${order.state.id}`)
    }
    expect((await historyOf(db.pool, order.state.id)).kept.seq).toBe(seq)
    order.machine.planned(await order.activities.record(move))
  })

  it('lets one order have the number of a source', async () => {
    const source = { channel: '10000+9', no: 'T-1' }
    const first = desk()
    await first.open({ ...(await fault()), source })
    const second = desk()
    const error = await second.open({ ...(await fault()), source }).then(
      () => undefined,
      (e) => e,
    )
    expect(error).toMatchObject({ type: 'SOURCE_TAKEN', nonRetryable: true, details: [{ order: first.state.id }] })
    expect(await second.rows('SELECT 1 FROM orders WHERE id = $1')).toEqual([])
    expect(await second.rows('SELECT 1 FROM order_event WHERE order_id = $1')).toEqual([])
  })

  it('refuses an unknown customer and an unknown process for good', async () => {
    const order = desk()
    await expect(order.open({ customer: 'nobody' })).rejects.toMatchObject({ type: 'UNKNOWN_CUSTOMER', nonRetryable: true })
    const strange = desk()
    await expect(strange.open({ process: 'no-such-process' })).rejects.toMatchObject({ type: 'UNKNOWN_PROCESS', nonRetryable: true })
  })

  it('writes nothing at all when one row of a move breaks a rule of the record', async () => {
    const order = desk()
    await order.open(await fault())
    const before = (await historyOf(db.pool, order.state.id)).events.length
    // The database refuses this character in any text.
    await expect(order.act('st-022', { type: 'comment', text: 'a\u0000b' })).rejects.toMatchObject({
      nonRetryable: true,
      type: 'SQLSTATE_22P05',
    })
    expect((await historyOf(db.pool, order.state.id)).events).toHaveLength(before)
  })

  it('asks to be tried again when the record is not there', async () => {
    const order = desk()
    const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 500 })
    const move = (await order.machine.advance(
      {
        kind: 'open',
        opened: { process: 'graded-fault', title: 't', priority: 2, ...(await fault()) },
        actor: { kind: 'person', id: 'x' },
      },
      order.now,
    ))!
    await expect(createActivities({ pool: nowhere, logger: silent }).record(move)).rejects.toMatchObject({ nonRetryable: false })
    await nowhere.end()
  })
})
