/** P-06 played by its rules. */
import { describe, expect, it } from 'vitest'
import type { Fact } from '../../domain/order/spec.ts'
import { serviceActivation } from '../../workflows/order/service-activation.ts'
import { boss, Desk, refusal } from './desk.ts'

const input = { product: 'sdh', contract: 'ct-1', amount: 100_000 }

async function opened(more: Record<string, Fact> = {}): Promise<Desk> {
  const desk = await Desk.open(serviceActivation, { ...input, ...more })
  await desk.does('receive-activation-request', 'received', { amount: 100_000 })
  return desk
}

async function awaitingPayment(more: Record<string, Fact> = {}): Promise<Desk> {
  const desk = await opened(more)
  await desk.does('decide-contract', 'signed', { contract: 'ct-1', amount: 100_000 })
  await desk.does('decide-construction', 'no')
  return desk
}

const payment = (id: string, amount: number) => ({ kind: 'received', fact: { kind: 'payment', id, facts: { amount, paidAt: 1 } } }) as const
const checks = (desk: Desk) => refusal(desk.does('finance-check', 'match'))

it('goes from the request to the service in use', async () => {
  const desk = await awaitingPayment()
  await desk.does('collect-payment', 'collected', { bankNo: 'b1', paid: 100_000 })
  await desk.does('finance-check', 'match')
  await desk.does('issue-invoice', 'issued')
  await desk.does('enter-customer-data', 'entered', { numbers: ['n1'] })
  expect(desk.state.undo.map(({ effect }) => effect)).toEqual(['refund-payment', 'release-resources'])
  await desk.does('activate-service', 'failed')
  await desk.does('activate-service', 'activated')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'activated', irreversible: true, undo: [] })
})

describe('no contract, no activation', () => {
  it('asks for the contract that is said to be signed', async () => {
    const desk = await Desk.open(serviceActivation, { product: 'sdh' })
    await desk.does('receive-activation-request', 'received')
    const { id } = desk.task('decide-contract')
    const signed = (form = {}) => desk.command({ type: 'complete', task: id, outcome: 'signed', form }, desk.holder('decide-contract'))
    expect(await refusal(signed())).toBe('REQUIREMENT')
    await signed({ contract: 'ct-2' })
    expect(desk.state.facts.contract).toBe('ct-2')
  })

  it('urges, may open the signing beside, and ends where the customer gives up', async () => {
    const desk = await opened()
    await desk.does('decide-contract', 'not-signed', { openContract: true })
    expect(desk.open).toEqual(['urge-contract'])
    expect(Object.values(desk.state.children)).toMatchObject([{ process: 'contract-countersign', waits: false }])
    await desk.does('urge-contract', 'abandoned')
    expect(desk.state).toMatchObject({ status: 'closed', end: 'terminated' })
    const signed = await opened()
    await signed.does('decide-contract', 'not-signed')
    expect(signed.state.children).toEqual({})
    await signed.does('urge-contract', 'contract-signed', { contract: 'ct-9' })
    expect(signed.open).toEqual(['decide-construction'])
  })
})

it('runs the construction first where it is needed, and ends with it where it comes to nothing', async () => {
  const desk = await opened()
  await desk.does('decide-contract', 'signed')
  await desk.does('decide-construction', 'yes')
  expect(desk.task('run-construction').status).toBe('child')
  const child = desk.task('run-construction').child!
  await desk.give({
    kind: 'child-ended',
    child,
    end: 'accepted',
    facts: { circuits: ['r1'], testReport: 'well' },
    undo: [{ effect: 'release-resources', order: child }],
  })
  expect(desk.open).toEqual(['collect-payment'])
  expect(desk.state.facts).toMatchObject({ circuits: ['r1'], testReport: 'well' })
  expect(desk.state.undo).toMatchObject([{ effect: 'release-resources', order: child }])
  const ended = await opened()
  await ended.does('decide-contract', 'signed')
  await ended.does('decide-construction', 'yes')
  await ended.childEnds('run-construction', 'terminated')
  expect(ended.state).toMatchObject({ status: 'closed', end: 'terminated' })
})

describe('the payment', () => {
  it('comes from the bank while the step is open', async () => {
    const desk = await awaitingPayment()
    await desk.give(payment('b1', 100_000))
    expect(desk.open).toEqual(['finance-check'])
    expect(desk.state.facts).toMatchObject({ paid: 100_000, bankNo: 'b1' })
    expect(await checks(desk)).toBe('done')
  })

  it('is kept when it comes before the step', async () => {
    const desk = await opened()
    await desk.give(payment('b1', 100_000))
    await desk.does('decide-contract', 'signed', { amount: 100_000 })
    await desk.does('decide-construction', 'no')
    expect(desk.open).toEqual(['finance-check'])
    expect(await checks(desk)).toBe('done')
  })

  it('counts once, however often it is told, and also when finance had entered it', async () => {
    const desk = await awaitingPayment()
    await desk.give(payment('b1', 100_000))
    await desk.give(payment('b1', 100_000))
    expect(desk.state.facts.paid).toBe(100_000)
    const entered = await awaitingPayment()
    await entered.does('collect-payment', 'collected', { bankNo: 'b1', paid: 100_000 })
    await entered.give(payment('b1', 100_000))
    expect(entered.state.facts.paid).toBe(100_000)
    expect(await checks(entered)).toBe('done')
  })

  it('of the wrong amount is a mismatch, mended by more money or by other documents', async () => {
    const desk = await awaitingPayment()
    await desk.give(payment('b1', 60_000))
    expect(await checks(desk)).toBe('REQUIREMENT')
    await desk.does('finance-check', 'mismatch')
    await desk.give(payment('b2', 30_000))
    await desk.does('correct-documents', 'corrected', { amount: 90_000 })
    expect(await checks(desk)).toBe('done')
    expect(desk.state.facts).toMatchObject({ paid: 90_000, amount: 90_000 })
  })

  it('that does not match three times is a supervisor’s to mend', async () => {
    const desk = await awaitingPayment()
    await desk.give(payment('b1', 60_000))
    for (const round of [1, 2, 3]) {
      await desk.does('finance-check', 'mismatch')
      expect(desk.task('correct-documents').roles).toEqual(round < 3 ? undefined : ['supervisor', 'kac-director'])
      if (round < 3) await desk.does('correct-documents', 'corrected', { amount: 100_000 })
    }
    const { id, person } = desk.task('correct-documents')
    await desk.command({ type: 'accept', task: id }, { kind: 'person', id: person!, roles: ['supervisor'] })
    const form = { correction: 'a discount was forgotten', amount: 60_000 }
    const chief = { kind: 'person', id: person!, roles: ['supervisor'] } as const
    await desk.command({ type: 'complete', task: id, outcome: 'corrected', form }, chief)
    expect(await checks(desk)).toBe('done')
  })

  it('is refunded when the order is withdrawn before the service is on', async () => {
    const desk = await awaitingPayment()
    await desk.give(payment('b1', 100_000))
    await desk.command({ type: 'withdraw', reason: 'no longer wanted' }, boss)
    expect(desk.state).toMatchObject({ status: 'withdrawing', undo: [{ effect: 'refund-payment' }] })
  })
})

describe('credit in place of payment', () => {
  const grant = (desk: Desk, actor = boss) =>
    desk.command({ type: 'amend', facts: { credit: true }, reason: 'paid every bill for ten years' }, actor)
  const confirm = (desk: Desk) => {
    const { id } = desk.task('collect-payment')
    return desk.command({ type: 'complete', task: id, outcome: 'collected' }, desk.holder('collect-payment'))
  }

  it('is granted by a supervisor himself, for a customer of the red list', async () => {
    const desk = await awaitingPayment({ tags: ['red-list'] })
    await desk.command({ type: 'accept', task: desk.task('collect-payment').id }, desk.holder('collect-payment'))
    expect(await refusal(confirm(desk))).toBe('REQUIREMENT')
    expect(await refusal(grant(desk, { kind: 'person', id: 'finance-dept-1', roles: ['finance-dept'] }))).toBe('NOT_ALLOWED')
    await grant(desk)
    expect(desk.open).toEqual(['collect-payment'])
    await confirm(desk)
    expect(await checks(desk)).toBe('done')
    expect(desk.state.facts.paid).toBeUndefined()
  })

  it('helps also after a mismatch, which is looked at anew', async () => {
    const desk = await awaitingPayment({ tags: ['industry', 'red-list'] })
    await desk.give(payment('b1', 60_000))
    await desk.does('finance-check', 'mismatch')
    await grant(desk)
    expect(desk.open).toEqual(['finance-check'])
    expect(await checks(desk)).toBe('done')
    expect(desk.state.undo).toMatchObject([{ effect: 'refund-payment' }])
  })

  it('counts for nobody else', async () => {
    const desk = await awaitingPayment({ tags: ['industry'] })
    await grant(desk)
    await desk.command({ type: 'accept', task: desk.task('collect-payment').id }, desk.holder('collect-payment'))
    expect(await refusal(confirm(desk))).toBe('REQUIREMENT')
  })
})
