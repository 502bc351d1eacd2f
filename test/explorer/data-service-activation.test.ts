/** P-07 played by its rules. */
import { expect, it } from 'vitest'
import type { Actor } from '../../domain/order/event.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { dataServiceActivation } from '../../workflows/order/data-service-activation.ts'
import { standsAsRecorded } from '../../workflows/kit/stands.ts'
import { boss, Desk, drain, refusal } from './desk.ts'

const input = { contract: 'ct-1', amount: 100_000, unit: 'nj-branch', siteA: 'A', siteZ: 'Z', testReport: 'all well' }
const customer: Actor = { kind: 'customer', id: 'contact-1' }

async function handed(more: Record<string, Fact> = {}): Promise<Desk> {
  const desk = await Desk.open(dataServiceActivation, { ...input, ...more })
  await desk.does('circuit-tested', 'passed')
  await desk.does('confirm-activation-date', 'confirmed')
  await desk.does('fill-confirmation', 'filled')
  await desk.does('hand-to-finance', 'handed', { contract: 'ct-1', amount: 100_000 })
  return desk
}

async function entered(more: Record<string, Fact> = {}): Promise<Desk> {
  const desk = await handed(more)
  await desk.does('collect-payment', 'collected', { bankNo: 'b1', paid: 100_000 })
  await desk.does('finance-check', 'match')
  await desk.does('issue-invoice', 'issued')
  await desk.does('enter-customer-data', 'entered')
  return desk
}

it('goes from the tested circuit to the notices', async () => {
  const desk = await entered()
  expect(desk.open).toEqual(['activate-service'])
  await desk.does('activate-service', 'failed')
  await desk.does('activate-service', 'activated')
  expect(desk.state).toMatchObject({ status: 'open', irreversible: true, undo: [] })
  await desk.does('notify-departments', 'notified', { units: ['nj-maintenance'] })
  expect(desk.state).toMatchObject({ status: 'closed', end: 'activated' })
})

it('wants a test report before anything else', async () => {
  const { testReport: _testReport, ...without } = input
  const desk = await Desk.open(dataServiceActivation, without)
  const passed = (form = {}) =>
    desk.command({ type: 'complete', task: desk.task('circuit-tested').id, outcome: 'passed', form }, desk.holder('circuit-tested'))
  expect(await refusal(passed())).toBe('REQUIREMENT')
  expect(await refusal(passed({ testReport: 'all well' }))).toBe('done')
})

it('agrees the date with the customer, who may put it off or confirm it himself, but not to a day that is past', async () => {
  const desk = await Desk.open(dataServiceActivation, input)
  await desk.does('circuit-tested', 'passed')
  const says = (outcome: string, form: Record<string, Fact>, actor = customer) =>
    desk.command({ type: 'complete', task: desk.task('confirm-activation-date').id, outcome, form }, actor)
  await says('postponed', { reason: 'we are moving' })
  expect(desk.task('confirm-activation-date').n).toBe(2)
  expect(await refusal(says('confirmed', { activationDate: desk.now - 1 }))).toBe('REQUIREMENT')
  await says('confirmed', { activationDate: desk.now + 86_400_000 })
  expect(desk.open).toEqual(['fill-confirmation'])
  expect(desk.state.doers).toEqual({ 'circuit-tested': 'technical-dept-1' })
})

it('checks again as often as document and payment differ, the third time with a supervisor', async () => {
  const desk = await handed()
  await desk.give({ kind: 'received', fact: { kind: 'payment', id: 'b1', facts: { amount: 1 } } })
  expect(await refusal(desk.does('finance-check', 'match'))).toBe('REQUIREMENT')
  for (const round of [1, 2]) {
    await desk.does('finance-check', 'mismatch')
    expect(desk.task('recheck')).toMatchObject({ n: round })
    expect(desk.task('recheck').roles).toBeUndefined()
    await desk.does('recheck', 'rechecked', { amount: 100_000 })
  }
  await desk.does('finance-check', 'mismatch')
  expect(desk.task('recheck')).toMatchObject({ n: 3, roles: ['supervisor', 'kac-director'] })
})

it('runs an order of the far end beside its own activation, and tells nobody before both are on', async () => {
  const desk = await entered({ farBranch: 'sz-branch' })
  expect(desk.open).toEqual(['activate-service', 'o1.far-end'])
  expect(desk.machine.childStart('o1.far-end')).toEqual({ input: { farEnd: true, unit: 'sz-branch' } })
  await desk.does('activate-service', 'activated')
  expect(desk.open).toEqual(['o1.far-end'])
  await desk.childEnds('far-end', 'activated')
  expect(desk.open).toEqual(['notify-departments'])
})

it('leaves the order of the far end behind when it is amended, and opens another once it comes there again', async () => {
  const desk = await entered({ farBranch: 'sz-branch' })
  const again = async () => {
    await desk.command({ type: 'amend', facts: { amount: 100_000 }, reason: 'the customer wants less' }, boss)
    expect(await standsAsRecorded(dataServiceActivation, desk.state, drain)).toBeUndefined()
    await desk.does('finance-check', 'match')
    await desk.does('issue-invoice', 'issued')
    await desk.does('enter-customer-data', 'entered')
  }
  // While it runs: it is told that it is no longer needed, and its end is no news to the body.
  await again()
  expect(desk.machine.leftChildren).toEqual(['o1.far-end'])
  await desk.give({ kind: 'child-ended', child: 'o1.far-end', end: 'withdrawn' })
  expect(await standsAsRecorded(dataServiceActivation, desk.state, drain)).toBeUndefined()
  expect(desk.open).toEqual(['activate-service', 'o1.far-end.2'])
  // And once it has ended.
  await desk.childEnds('far-end', 'activated')
  await again()
  expect(desk.open).toEqual(['activate-service', 'o1.far-end.3'])
  await desk.does('activate-service', 'activated')
  await desk.give({ kind: 'child-ended', child: 'o1.far-end.3', end: 'activated' })
  expect(desk.open).toEqual(['notify-departments'])
})

it('of the far end only switches on and tells', async () => {
  const desk = await Desk.open(dataServiceActivation, { ...input, farEnd: true, unit: 'sz-branch', farBranch: 'sz-branch' })
  expect(desk.open).toEqual(['activate-service'])
  await desk.does('activate-service', 'activated')
  expect(desk.open).toEqual(['notify-departments'])
  await desk.does('notify-departments', 'notified')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'activated' })
})
