import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../domain/order/event.ts'
import { gradedFault } from '../../../workflows/fault/graded-fault.ts'
import { contractCountersign } from '../../../workflows/order/contract-countersign.ts'
import { HOUR, MONDAY, of, policy } from './planned.ts'
import { china, Promising, rowsOf } from './promising.ts'

const boss: Actor = { kind: 'person', id: 'boss', roles: ['supervisor'] }

const forms: Record<string, Record<string, string | number>> = {
  'draft-contract': { text: 'x', amount: 1, termMonths: 1, discountPct: 0 },
  'customer-review': { answeredBy: 'Mr Li' },
  'sign-contract': { signedAt: MONDAY, signatory: 'Mr Li' },
  'archive-contract': { archiveNo: 'A-1' },
  diagnose: { diagnosis: 'd' },
  'dispatch-fault': { person: 'maintenance-dept-1' },
  'repair-fault': { handling: 'h' },
  'confirm-recovery': { asked: 'Mr Li', answer: 'yes' },
  'upload-report': { report: 'f', cause: 'c', solution: 's' },
}
const contract = async () => {
  const order = new Promising(contractCountersign, rowsOf(contractCountersign.spec))
  await order.open()
  return order
}
const route: Record<string, string> = {
  'draft-contract': 'drafted',
  'countersign-business': 'agreed',
  'countersign-finance': 'agreed',
  'customer-review': 'accepted',
  'director-review': 'over-authority',
  'leadership-approve': 'approved',
  'sign-contract': 'signed',
  'archive-contract': 'archived',
}
const due = (order: Promising, step: string) => order.state.clocks[`${order.task(step).id}/complete`]!.due
const set = (order: Promising) => of(order.last, 'clock-set').filter(({ clock }) => clock === 'promise')

describe('the promise of an order', () => {
  it('follows the limits of the route, side by side where the route is, on their calendars', async () => {
    const order = await contract()
    expect(order.lines).toEqual([
      'open draft-contract 01-05T09:00 01-06T09:00',
      'ahead countersign-business 01-06T09:00 01-06T14:30',
      'ahead countersign-finance 01-06T09:00 01-06T14:30',
      'ahead customer-review 01-06T14:30 01-09T14:30',
      'ahead director-review 01-09T14:30 01-12T09:00',
      'ahead sign-contract 01-12T09:00 01-13T09:00',
      'ahead archive-contract 01-13T09:00 01-14T09:00',
    ])
    expect(order.reckoned.lines[1]).toEqual({
      step: 'countersign-business',
      why: 'ahead',
      budgetMs: 4 * HOUR,
      calendar: 'W@1',
      mark: 'inferred',
      policy: expect.stringMatching(/^\d+@1$/),
      from: china('01-06T09:00'),
      until: china('01-06T14:30'),
    })
    expect(set(order)).toEqual([
      {
        clock: 'promise',
        cal: 'W@1',
        budget: 56 * HOUR,
        used: 0,
        from: MONDAY,
        due: china('01-14T09:00'),
        rungs: [
          [80, china('01-12T15:18')],
          [100, china('01-14T09:00')],
        ],
        ladder: 'promise',
        mark: 'default',
        policy: 'promise@1',
      },
    ])
  })

  it.each([
    ['P-04', contractCountersign, route],
    [
      'P-14',
      gradedFault,
      {
        'accept-fault': 'accepted',
        diagnose: 'needs-dispatch',
        'dispatch-fault': 'dispatched',
        'take-ticket': 'taken',
        'repair-fault': 'repaired',
        'return-receipt': 'returned',
        'confirm-recovery': 'recovered',
        'upload-report': 'uploaded',
        'archive-fault': 'archived',
      },
    ],
  ])('does not move where each step of %s is done exactly at its limit', async (no, of14, way) => {
    const order = new Promising(of14, rowsOf(of14.spec))
    await order.open()
    const promised = order.promised
    expect(promised).toBeDefined()
    for (const [step, result] of Object.entries(way)) {
      // The detour to the leadership is not on the route: without it.
      if (step === 'leadership-approve') continue
      const at = step === 'repair-fault' ? order.state.clocks.repair!.due : due(order, step)
      const outcomeId = step === 'director-review' ? 'approved-within-authority' : result
      order.maxAmount = 1e12
      await order.does(step, outcomeId, at, forms[step])
      if (order.state.status === 'open') expect([no, step, order.promised]).toEqual([no, step, promised])
    }
    expect(order.state.status).toBe('closed')
    expect([order.now, order.sets]).toEqual([promised, 1])
  })

  it.each([
    ['two and a half hours early', '01-05T16:00', '01-13T16:00'],
    ['an hour early', '01-05T17:30', '01-13T17:30'],
    ['59 minutes early', '01-05T17:31', '01-14T09:00'],
    ['59 minutes late', '01-06T09:59', '01-14T09:00'],
    ['an hour late', '01-06T10:00', '01-14T10:00'],
  ])('moves with a step done %s by as much, or not at all', async (_name, at, expected) => {
    const order = await contract()
    const moved = await order.does('draft-contract', 'drafted', china(at), forms['draft-contract'])
    expect([order.promised, moved, order.sets]).toEqual([china(expected), expected !== '01-14T09:00', moved ? 2 : 1])
  })

  it('moves once for a step done early, and not with what keeps to its limit after that', async () => {
    const order = await contract()
    await order.does('draft-contract', 'drafted', china('01-05T14:00'), forms['draft-contract'])
    const moved = order.promised
    await order.does('countersign-business', 'agreed', due(order, 'countersign-business'))
    await order.does('countersign-finance', 'agreed', due(order, 'countersign-finance'))
    expect([moved, order.promised, order.sets]).toEqual([china('01-13T14:00'), moved, 2])
  })

  it('waits for rework where the route goes back, and for a detour from it', async () => {
    const order = await contract()
    await order.does('draft-contract', 'drafted', due(order, 'draft-contract'), forms['draft-contract'])
    for (const step of ['countersign-business', 'countersign-finance']) await order.does(step, 'agreed', order.now)
    await order.does('customer-review', 'not-satisfied', order.now, { answeredBy: 'Mr Li', wishes: 'w' })
    expect(order.lines[0]).toBe('open draft-contract 01-06T09:00 01-07T09:00')
    expect(order.lines).toHaveLength(7)
    await order.does('draft-contract', 'drafted', order.now, forms['draft-contract'])
    for (const step of ['countersign-business', 'countersign-finance']) await order.does(step, 'agreed', order.now)
    await order.does('customer-review', 'accepted', order.now, forms['customer-review'])
    await order.does('director-review', 'over-authority', order.now)
    expect(order.lines).toEqual([
      'open leadership-approve 01-06T09:00 01-06T14:30',
      'ahead sign-contract 01-06T14:30 01-07T14:30',
      'ahead archive-contract 01-07T14:30 01-08T14:30',
    ])
  })

  it('goes on from now where a step is overdue, and stands once nothing is left to promise by', async () => {
    const order = await contract()
    await order.tick(china('01-07T09:00') - order.now)
    expect(order.lines[0]).toBe('open draft-contract 01-05T09:00 01-07T09:00')
    expect(order.promised).toBe(china('01-15T09:00'))
    for (const [step, result] of Object.entries(route)) {
      if (step === 'archive-contract') break
      await order.does(step, result, order.now, forms[step])
    }
    const last = order.promised!
    expect(last).toBe(due(order, 'archive-contract'))
    await order.tick(china('01-12T09:00') - order.now)
    expect(order.state.clocks.promise).toMatchObject({ due: last, fired: [80, 100], rungs: [] })
  })

  it('fires each rung once, however often it moves, and never late', async () => {
    const order = await contract()
    await order.tick(china('01-13T09:00') - order.now)
    const rungs = () =>
      order.last.own.flatMap((event) => (event.type === 'rung-fired' && event.data.clock === 'promise' ? [event.data] : []))
    expect(rungs().map(({ pct }) => pct)).toEqual([80])
    expect(order.last.notices.filter(({ template }) => template === 'promise-in-danger').map(({ to }) => to)).toEqual([
      { staff: 'am' },
      { staff: 'starter' },
    ])
    // The promise has gone back with the same move: 80 percent of it lie ahead, and have been told.
    expect(order.state.clocks.promise).toMatchObject({ due: china('01-21T09:00'), fired: [80], rungs: [[100, china('01-21T09:00')]] })
    // It comes forward when the rest takes no time: then all of it is nearly used, at once and not before.
    const quick = await contract()
    await quick.tick(china('01-12T14:00') - quick.now)
    await quick.does('draft-contract', 'drafted', quick.now, forms['draft-contract'])
    for (const step of ['countersign-business', 'countersign-finance']) await quick.does(step, 'agreed', quick.now)
    await quick.does('customer-review', 'accepted', quick.now, forms['customer-review'])
    expect(quick.state.clocks.promise?.rungs[0]![1]).toBeGreaterThanOrEqual(quick.now)
  })

  it('tells the superior when it is missed', async () => {
    const order = await contract()
    for (const [step, result] of Object.entries(route)) {
      if (step === 'archive-contract') break
      await order.does(step, result, order.now, forms[step])
    }
    await order.tick(due(order, 'archive-contract') - order.now)
    expect(order.told.filter((line) => line.startsWith('promise'))).toEqual([
      'promise-in-danger: am',
      'promise-in-danger: kac-director-1',
      'promise-missed: lead',
    ])
  })

  it('waits with what is suspended, until it is said to go on', async () => {
    const order = await contract()
    await order.act('kac-staff-1', { type: 'accept', task: 'draft-contract.1' })
    order.now += 2 * HOUR
    await order.act(boss, { type: 'suspend', task: 'draft-contract.1', reason: 'r', party: 'customer', until: china('01-07T11:00') })
    expect(order.lines[0]).toBe('waiting draft-contract 01-07T11:00 01-08T09:00')
    expect(order.promised).toBe(china('01-16T09:00'))
    await order.tick(china('01-07T11:00') - order.now)
    expect([order.lines[0], order.promised]).toEqual(['open draft-contract 01-07T11:00 01-08T09:00', china('01-16T09:00')])
    await order.act(boss, { type: 'suspend', task: 'draft-contract.1', reason: 'r', party: 'customer' })
    expect(order.lines[0]).toBe('waiting draft-contract 01-07T11:00 01-08T09:00')
    order.now = china('01-08T11:00')
    await order.act(boss, { type: 'resume', task: 'draft-contract.1' })
    expect(order.promised).toBe(china('01-19T09:00'))
  })

  it('moves with a longer limit, and is not lengthened itself', async () => {
    const order = await contract()
    await order.act(boss, { type: 'extend', clock: 'draft-contract.1/complete', by: 8 * HOUR, reason: 'r' })
    expect(order.promised).toBe(china('01-15T09:00'))
  })

  it('takes the time of the clock that covers a step without a limit of its own', async () => {
    const order = new Promising(gradedFault, rowsOf(gradedFault.spec))
    await order.open()
    expect(order.reckoned.lines.find(({ step }) => step === 'repair-fault')).toMatchObject({
      why: 'ahead',
      clock: 'repair',
      calendar: 'C@1',
      budgetMs: 48 * HOUR,
    })
    // What counts from one mark runs side by side: 15 minutes to accept, 15 to diagnose and dispatch, the repair from the acceptance.
    expect(order.lines.slice(0, 7)).toEqual([
      'open accept-fault 01-05T09:00 01-05T09:15',
      'ahead diagnose 01-05T09:15 01-05T09:30',
      'ahead dispatch-fault 01-05T09:30 01-05T09:30',
      'ahead take-ticket 01-05T09:30 01-05T10:00',
      'ahead repair-fault 01-05T10:00 01-07T09:15',
      'ahead return-receipt 01-07T09:15 01-07T09:30',
      'ahead confirm-recovery 01-07T09:30 01-07T09:30',
    ])
  })

  it('is on days and nights where all limits are', async () => {
    const order = new Promising(contractCountersign, [policy({ process: 'contract-countersign' })])
    await order.open()
    expect(order.state.clocks.promise).toMatchObject({ cal: 'C@1', due: MONDAY + 3 * HOUR, budget: 3 * HOUR })
  })

  it('is not made without a limit', async () => {
    const order = new Promising(contractCountersign, [])
    await order.open()
    expect(order.reckoned).toMatchObject({ at: MONDAY, lines: [{ step: 'draft-contract', why: 'open', from: MONDAY, until: MONDAY }] })
    expect(order.state.clocks).toEqual({})
  })

  it('ends with the order', async () => {
    const order = await contract()
    await order.act(boss, { type: 'withdraw', reason: 'r' })
    expect(order.promised).toBeUndefined()
  })
})
