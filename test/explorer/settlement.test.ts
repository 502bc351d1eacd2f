/** P-57 to P-63 played by their rules. */
import { describe, expect, it } from 'vitest'
import type { Fact } from '../../domain/order/spec.ts'
import { commissionCorrection } from '../../workflows/settlement/commission-correction.ts'
import { rebatePayout } from '../../workflows/settlement/rebate-payout.ts'
import { settlementRealTime } from '../../workflows/settlement/settlement-real-time.ts'
import { settlementRerun } from '../../workflows/settlement/settlement-rerun.ts'
import { settlementSpecial } from '../../workflows/settlement/settlement-special.ts'
import { settlementUnified } from '../../workflows/settlement/settlement-unified.ts'
import { Desk, refusal } from './desk.ts'

const clerk = { kind: 'person' as const, id: 'clerk', roles: ['settlement-clerk'] }
const hears = (desk: Desk, fact: { kind: string; id: string; facts: Record<string, Fact> }) => desk.give({ kind: 'received', fact })
const run = { department: 'js-market', period: '2026-10', kind: 'commission' }

describe('P-57', () => {
  const computed = async (): Promise<Desk> => {
    const desk = await Desk.open(settlementUnified, run, clerk)
    await desk.machineDoes('open-run', 'opened', { run: 'o1' })
    await desk.machineDoes('extract-users', 'complete', { users: 1_000_000 })
    await desk.machineDoes('choose-schemes', 'some-without', { without: 'ag-7' })
    await desk.machineDoes('compute-user-bills', 'computed')
    await desk.machineDoes('compute-agent-bills', 'computed')
    return desk
  }

  it('goes from the run to the payout, which it starts and does not wait for', async () => {
    const desk = await computed()
    await desk.signs('review-bills', 'market', 'passed')
    await desk.signs('review-bills', 'finance', 'passed')
    await desk.machineDoes('close-run', 'closed', { agents: ['ag-1', 'ag-2'] })
    expect(desk.state).toMatchObject({ status: 'closed', end: 'settled' })
    expect(Object.values(desk.state.children)).toMatchObject([{ process: 'rebate-payout', waits: false }])
  })

  it('one objection is enough whoever is last, and all is computed again', async () => {
    const desk = await computed()
    await desk.signs('review-bills', 'market', 'wrong')
    expect(desk.open).toEqual(['review-bills'])
    await desk.signs('review-bills', 'finance', 'passed')
    expect(desk.open).toEqual(['compute-user-bills'])
  })

  it('whoever opened the run does not review it', async () => {
    const desk = await computed()
    const both = { ...clerk, roles: ['settlement-clerk', 'finance-dept'] }
    expect(await refusal(desk.signs('review-bills', 'finance', 'passed', both))).toBe('NOT_ASSIGNEE')
    await desk.command(
      { type: 'add-signer', task: desk.task('review-bills').id, party: 'extra', roles: ['finance-dept'], person: 'clerk' },
      { kind: 'person', id: 'boss', roles: ['supervisor'] },
    )
    expect(await refusal(desk.signs('review-bills', 'extra', 'agree', both))).toBe('SEPARATION_OF_DUTIES')
  })

  it('an error is repaired and computed again, or the run is stopped', async () => {
    const desk = await Desk.open(settlementUnified, run, clerk)
    await desk.machineDoes('open-run', 'opened')
    await desk.machineDoes('extract-users', 'complete')
    await desk.machineDoes('choose-schemes', 'all-have-scheme')
    await desk.machineDoes('compute-user-bills', 'computed')
    await desk.machineDoes('compute-agent-bills', 'error', { errors: 'two agents without a level' })
    await desk.does('repair-run', 'repaired')
    expect(desk.open).toEqual(['compute-user-bills'])
    await desk.machineDoes('compute-user-bills', 'error')
    await desk.does('repair-run', 'stopped')
    expect(desk.state.end).toBe('stopped')
  })

  it('a second run of the same department, period and subject is refused', async () => {
    const desk = await Desk.open(settlementUnified, run, clerk)
    await desk.machineDoes('open-run', 'already-open', { run: 'o0' })
    expect(desk.state.end).toBe('refused')
  })

  it('what the machine cannot do is shown, and a person may take it over', async () => {
    const desk = await Desk.open(settlementUnified, run, clerk)
    await desk.machineDoes('open-run', 'opened')
    const { id } = desk.task('extract-users')
    await desk.give({ kind: 'automatic-failed', task: id, message: 'billing data of 2026-10 are missing' })
    expect(desk.task('extract-users')).toMatchObject({ status: 'automatic', failed: { times: 1 } })
    await desk.command({ type: 'dispatch', task: id, person: 'clerk' }, { kind: 'person', id: 'd', roles: ['dispatcher'] })
    await desk.command({ type: 'accept', task: id }, clerk)
    await desk.command({ type: 'complete', task: id, outcome: 'complete', form: { users: 5 } }, clerk)
    expect(desk.open).toEqual(['choose-schemes'])
  })
})

describe('P-59', () => {
  it('is approved by director and finance, one no is enough at once', async () => {
    const input = { ...run, agents: ['ag-1'], reason: 'campaign', scheme: 's1' }
    const desk = await Desk.open(settlementSpecial, input, { kind: 'person', id: 'starter' })
    await desk.does('request-special', 'requested')
    await desk.signs('approve-special', 'finance', 'rejected')
    expect(desk.state.end).toBe('refused')
  })
})

describe('P-60', () => {
  it('books at once and is checked at the end of the period', async () => {
    const desk = await Desk.open(settlementRealTime, { agent: 'ag-1', event: 'e1' }, clerk)
    await desk.machineDoes('catch-event', 'eligible')
    await desk.machineDoes('compute-commission', 'computed', { amount: 500 })
    await desk.machineDoes('book-commission', 'booked', { checkAt: desk.now + 1_000_000 })
    expect(desk.open).toEqual(['confirm-later'])
    await desk.machineDoes('confirm-later', 'reversed')
    await desk.does('reverse-commission', 'reversed')
    expect(desk.state.end).toBe('reversed')
  })
})

describe('P-61', () => {
  it('after a payout the difference alone moves', async () => {
    const desk = await Desk.open(settlementRerun, { run: 'r1', reason: 'scheme changed' }, { kind: 'person', id: 'starter' })
    await desk.does('request-rerun', 'requested')
    await desk.does('approve-rerun', 'approved')
    await desk.machineDoes('check-payout', 'paid')
    await desk.machineDoes('recompute', 'computed')
    await desk.does('compare', 'accepted')
    await desk.machineDoes('replace-bills', 'difference-after-payout', { agents: ['ag-1', 'ag-2'], amounts: ['-300', '200'] })
    expect(Object.values(desk.state.children)).toMatchObject([{ process: 'commission-correction', waits: true }])
    await desk.childEnds('correct-payout', 'corrected')
    expect(desk.state.end).toBe('resettled')
  })
})

describe('P-62', () => {
  const confirming = async (): Promise<Desk> => {
    const desk = await Desk.open(rebatePayout, { run: 'r1', agent: 'ag-1', agentUnit: 'agent-hongda' })
    await desk.does('propose-adjustment', 'none')
    return desk
  }

  it('has a child for each agent', async () => {
    const desk = await Desk.open(rebatePayout, { run: 'r1', agents: ['ag-1', 'ag-2'] })
    expect(desk.open).toEqual(['o1.ag-1', 'o1.ag-2'])
    await desk.childEnds('ag-2', 'paid')
    await desk.childEnds('ag-1', 'paid')
    expect(desk.state.end).toBe('paid')
  })

  it('silence within the limit counts as confirmed, as the clock’s word', async () => {
    const desk = await confirming()
    await desk.waits(31)
    expect(desk.open).toEqual(['pay-out'])
    expect(desk.record.events.findLast(({ type }) => type === 'task-completed')!.actor.kind).toBe('clock')
  })

  it('a dispute changes the bill, or the bill stands', async () => {
    const desk = await confirming()
    await desk.does('agent-confirm', 'disputed')
    await desk.does('settle-dispute', 'changed')
    await desk.does('propose-adjustment', 'adjusted')
    await desk.does('approve-adjustment', 'rejected')
    await desk.does('propose-adjustment', 'none')
    await desk.does('agent-confirm', 'disputed')
    await desk.does('settle-dispute', 'kept')
    await desk.does('pay-out', 'failed')
    await desk.does('pay-out', 'paid')
    expect(desk.state).toMatchObject({ end: 'paid', irreversible: true })
  })

  it('by the bank goes back to finance with the reason until it is paid, and what the bank says once counts once', async () => {
    const desk = await confirming()
    await desk.does('agent-confirm', 'confirmed')
    await desk.does('pay-out', 'sent')
    expect(desk.open).toEqual(['bank-answer'])
    const says = (attempt: number, bankResult: string) =>
      hears(desk, { kind: 'payout', id: `po-1/${attempt}`, facts: { bankResult, bankNo: 'B-1', bankReason: 'account closed' } })
    await says(1, 'failed')
    expect(desk.open).toEqual(['pay-out'])
    const last = () => desk.state.journal.findLast((entry) => 'step' in entry)
    expect(last()).toMatchObject({ step: 'bank-answer', outcome: 'failed', data: { reason: 'account closed', payoutNo: 'po-1/1' } })
    await says(1, 'failed')
    await desk.does('pay-out', 'sent')
    expect(desk.open).toEqual(['bank-answer'])
    await says(2, 'paid')
    expect(last()).toMatchObject({ step: 'bank-answer', outcome: 'paid', data: { bankNo: 'B-1', payoutNo: 'po-1/2' } })
    expect(desk.state.end).toBe('paid')
  })

  it('a late word of the bank that it has paid ends what finance had again; that it has not leaves it open', async () => {
    const desk = await confirming()
    await desk.does('agent-confirm', 'confirmed')
    await desk.does('pay-out', 'failed')
    await hears(desk, { kind: 'payout', id: 'po-1/1', facts: { bankResult: 'asked' } })
    expect(desk.open).toEqual(['pay-out'])
    await hears(desk, { kind: 'payout', id: 'po-1/2', facts: { bankResult: 'paid', bankNo: 'B-2' } })
    expect(desk.state.end).toBe('paid')
  })
})

describe('P-63', () => {
  const requested = async (facts: Record<string, Fact>): Promise<Desk> => {
    const desk = await Desk.open(commissionCorrection, { reason: 'x' })
    await desk.does('request-correction', 'requested', { agent: 'ag-1', amount: 300, ...facts })
    return desk
  }

  it('pays a supplement, and never in the other direction', async () => {
    const desk = await requested({ direction: 'supplement' })
    expect(await refusal(desk.does('approve-correction', 'claw-back'))).toBe('REQUIREMENT')
    await desk.does('approve-correction', 'pay')
    await desk.does('pay-supplement', 'paid')
    expect(desk.state.end).toBe('corrected')
  })

  it('pays a supplement by the bank', async () => {
    const desk = await requested({ direction: 'supplement' })
    await desk.does('approve-correction', 'pay')
    await desk.does('pay-supplement', 'sent')
    await hears(desk, { kind: 'payout', id: 'po-1/1', facts: { bankResult: 'failed', bankReason: 'no' } })
    await desk.does('pay-supplement', 'sent')
    await hears(desk, { kind: 'payout', id: 'po-1/2', facts: { bankResult: 'paid' } })
    expect(desk.state.end).toBe('corrected')
  })

  it('claws back: disputed goes back to the director, unpaid is deducted later', async () => {
    const desk = await requested({ direction: 'claw-back' })
    await desk.does('approve-correction', 'claw-back')
    await desk.does('notify-agent', 'disputed')
    await desk.does('approve-correction', 'claw-back')
    await desk.does('notify-agent', 'agreed')
    await desk.does('collect-back', 'unpaid')
    await desk.does('deduct-later', 'deducted')
    expect(desk.state.end).toBe('corrected')
  })

  it('the differences of a re-settlement go one by one, each in its direction', async () => {
    const desk = await Desk.open(commissionCorrection, { reason: 'x', run: 'r1', agents: ['ag-1', 'ag-2'], amounts: ['-300', '200'] })
    expect(Object.keys(desk.state.children).map((id) => desk.machine.childStart(id).input)).toMatchObject([
      { agent: 'ag-1', amount: 300, direction: 'claw-back' },
      { agent: 'ag-2', amount: 200, direction: 'supplement' },
    ])
    await desk.childEnds('ag-1', 'refused')
    await desk.childEnds('ag-2', 'corrected')
    expect(desk.state.end).toBe('corrected')
  })
})
