/** P-32 played by its rules. */
import { expect, it } from 'vitest'
import type { Fact } from '../../domain/order/spec.ts'
import { arrearsDunning } from '../../workflows/customer/arrears-dunning.ts'
import { Desk } from './desk.ts'

const DUE = Date.UTC(2026, 1, 1)
const input = { amount: 50_000, period: '2026-01', dueDate: DUE }
const payment = (id: string, amount: number) => ({ kind: 'received', fact: { kind: 'payment', id, facts: { amount, paidAt: 1 } } }) as const
const outcomes = (desk: Desk) => desk.state.journal.flatMap((entry) => ('step' in entry ? [`${entry.step}=${entry.outcome}`] : []))

async function dunned(more: Record<string, Fact> = {}): Promise<Desk> {
  const desk = await Desk.open(arrearsDunning, { ...input, ...more })
  await desk.does('check-account', 'overdue')
  await desk.does('warn-departments', 'warned')
  await desk.machineDoes('record-arrears', 'recorded')
  return desk
}
async function undecided(): Promise<Desk> {
  const desk = await dunned()
  await desk.waits(31)
  await desk.does('dun-by-person', 'unpaid')
  return desk
}
async function ends(desk: Desk): Promise<string[]> {
  if (desk.open.includes('feed-back-payment')) await desk.does('feed-back-payment', 'fed-back')
  await desk.childEnds('adjust-credit', 'set')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'closed' })
  return outcomes(desk)
}

it('a bill paid in time is fed back, and nobody is dunned', async () => {
  const desk = await Desk.open(arrearsDunning, input)
  await desk.does('check-account', 'charge')
  await desk.give(payment('b1', 50_000))
  expect(await ends(desk)).toEqual([
    'check-account=charge',
    'send-charge-notice=paid',
    'feed-back-payment=fed-back',
    'adjust-credit=adjusted',
  ])
})

it('the clock says that nothing came in by the due date, and after the days of the machine', async () => {
  const desk = await Desk.open(arrearsDunning, input)
  await desk.does('check-account', 'charge')
  await desk.waits(31)
  await desk.does('warn-departments', 'warned')
  await desk.machineDoes('record-arrears', 'recorded')
  await desk.waits(31)
  expect(outcomes(desk)).toEqual(expect.arrayContaining(['send-charge-notice=unpaid-at-due', 'dun-by-machine=unpaid']))
  const byClock = desk.record.events.filter(({ type, actor }) => type === 'task-completed' && actor.kind === 'clock')
  expect(byClock).toHaveLength(2)
  expect(desk.open).toEqual(['dun-by-person'])
})

it('only what covers the amount ends it; parts add up', async () => {
  const desk = await dunned()
  await desk.give(payment('b1', 20_000))
  expect(desk.open).toEqual(['dun-by-machine'])
  await desk.give(payment('b1', 20_000))
  expect(desk.state.facts.paid).toBe(20_000)
  await desk.give(payment('b2', 30_000))
  expect(await ends(desk)).toContain('dun-by-machine=paid')
})

it('a payment while somebody decides ends it at the next step that would wait for one', async () => {
  const desk = await undecided()
  await desk.give(payment('b1', 50_000))
  expect(desk.open).toEqual(['decide-restriction'])
  await desk.does('decide-restriction', 'restrict')
  await desk.machineDoes('restore-service', 'restored')
  expect(await ends(desk)).toContain('restrict-service=paid')
})

it('a promise that is broken goes to the director, who may extend it once more', async () => {
  const desk = await dunned()
  await desk.waits(31)
  await desk.does('dun-by-person', 'promise', { promisedAt: DUE })
  await desk.waits(31)
  await desk.does('decide-restriction', 'extend', { promisedAt: DUE })
  await desk.give(payment('b1', 50_000))
  expect((await ends(desk)).slice(-5)).toEqual([
    'wait-promise=broken',
    'decide-restriction=extend',
    'wait-promise=paid',
    'feed-back-payment=fed-back',
    'adjust-credit=adjusted',
  ])
})

it('a restricted service is restored by payment, and goes to legal steps without', async () => {
  const restricted = async () => {
    const desk = await undecided()
    await desk.does('decide-restriction', 'restrict')
    return desk
  }
  const paid = await restricted()
  await paid.give(payment('b1', 50_000))
  await paid.machineDoes('restore-service', 'restored')
  expect(await ends(paid)).toContain('restrict-service=paid')

  const unpaid = await restricted()
  await unpaid.waits(31)
  await unpaid.does('hand-to-legal', 'written-off')
  expect(await ends(unpaid)).not.toContain('feed-back-payment=fed-back')
  expect(unpaid.state.stays).toMatchObject([{ step: 'hand-to-legal', outcome: 'written-off' }])
})
