/** P-12 and P-13 played by their rules. */
import { describe, expect, it } from 'vitest'
import { faultLevel1 } from '../../workflows/fault/fault-level-1.ts'
import { faultLevel2 } from '../../workflows/fault/fault-level-2.ts'
import { nextOpening } from '../../domain/order/relatives.ts'
import { boss, Desk, refusal } from './desk.ts'

const facts = { service: 's1', symptom: 'no signal', occurredAt: 1, reporter: 'Li', reporterPhone: '1', channel: '1001' }

async function fixed(process: typeof faultLevel1, openTicket = false): Promise<Desk> {
  const desk = await Desk.open(process, facts)
  await desk.does('report-fault', 'registered')
  await desk.does('issue-fault-application', 'sent', { openTicket })
  if (process === faultLevel1) {
    await desk.signs('start-standby-and-plan', 'plan', 'planned')
    await desk.signs('start-standby-and-plan', 'standby', 'restored')
  } else await desk.does('make-solution', 'made')
  await desk.does('implement-solution', 'fixed')
  return desk
}

describe.each([
  ['P-12', faultLevel1],
  ['P-13', faultLevel2],
] as const)('%s', (_no, process) => {
  it('compensates by the clause, once the proposal is approved', async () => {
    const desk = await fixed(process)
    await desk.does('decide-compensation', 'yes')
    expect(await refusal(desk.does('decide-clause', 'yes', { clause: '' }))).toBe('FORM_INVALID')
    await desk.does('decide-clause', 'yes', { clause: '8.2' })
    await desk.does('propose-by-contract', 'rejected')
    await desk.does('propose-by-contract', 'approved', { amount: 100_000 })
    expect(desk.state.irreversible).toBeUndefined()
    await desk.does('execute-compensation', 'executed', { amount: 100_000 })
    expect(desk.state.irreversible).toBe(true)
    await desk.does('after-care', 'done')
    expect(desk.state).toMatchObject({ status: 'closed', end: 'closed' })
    expect(Object.values(desk.state.children)).toMatchObject([{ process: 'return-visit', waits: false }])
  })

  it('otherwise by a signed agreement, negotiated again when that is abandoned or withdrawn', async () => {
    const desk = await fixed(process)
    await desk.does('decide-compensation', 'yes')
    await desk.does('decide-clause', 'no')
    for (const end of ['abandoned', 'withdrawn']) {
      await desk.does('negotiate-compensation', 'agreed')
      expect(await refusal(desk.command({ type: 'complete', task: desk.task('sign-agreement').id, outcome: 'signed' }, boss))).toBe(
        'OUTCOME_NOT_CHOSEN',
      )
      await desk.childEnds('sign-agreement', end)
      expect(desk.open).toEqual(['negotiate-compensation'])
    }
    await desk.does('negotiate-compensation', 'agreed')
    await desk.childEnds('sign-agreement', 'signed')
    expect(desk.open).toEqual(['execute-compensation'])
    expect(Object.values(desk.state.children).map(({ process: p, end }) => `${p} ${end}`)).toEqual([
      'contract-countersign abandoned',
      'contract-countersign withdrawn',
      'contract-countersign signed',
    ])
  })

  it.each(['decide-compensation=no', 'negotiate-compensation=waived'])(
    'cares for the customer without compensation too (%s)',
    async (how) => {
      const desk = await fixed(process)
      if (how === 'decide-compensation=no') await desk.does('decide-compensation', 'no')
      else {
        await desk.does('decide-compensation', 'yes')
        await desk.does('decide-clause', 'no')
        await desk.does('negotiate-compensation', 'waived')
      }
      expect(desk.open).toEqual(['after-care'])
    },
  )

  it('waits for the technical ticket that the application opened before it compensates', async () => {
    const desk = await fixed(process, true)
    expect(desk.open).toEqual(['o1.ticket'])
    expect(desk.machine.childStart('o1.ticket')).toEqual({ input: { source: 'account-manager' } })
    await desk.childEnds('ticket', 'closed')
    expect(desk.open).toEqual(['decide-compensation'])
  })

  it('is not held up by a ticket that ends before the fault is fixed', async () => {
    const desk = await Desk.open(process, facts)
    await desk.does('report-fault', 'registered')
    await desk.does('issue-fault-application', 'sent', { openTicket: true })
    await desk.childEnds('ticket', 'closed')
    expect(desk.open).toEqual([process === faultLevel1 ? 'start-standby-and-plan' : 'make-solution'])
  })

  it('continues as the other level with its data when it is regraded', async () => {
    const desk = await Desk.open(process, facts)
    await desk.does('report-fault', process === faultLevel1 ? 'not-level-1' : 'is-level-1')
    expect(desk.state).toMatchObject({ status: 'closed', end: 'regraded', next: 'o1.c' })
    const next = nextOpening(process.spec, desk.state)
    expect(next.opened).toMatchObject({
      process: process === faultLevel1 ? 'fault-level-2' : 'fault-level-1',
      continuedFrom: 'o1',
      facts,
    })
  })

  it('voids the compensation when it is withdrawn before payment, and cannot be withdrawn after', async () => {
    const desk = await fixed(process)
    await desk.does('decide-compensation', 'yes')
    await desk.does('decide-clause', 'yes')
    await desk.does('propose-by-contract', 'approved')
    await desk.command({ type: 'withdraw', reason: 'mistake' }, boss)
    expect(desk.state).toMatchObject({ status: 'withdrawing', undo: [{ effect: 'void-compensation' }] })
    const paid = await fixed(process)
    await paid.does('decide-compensation', 'yes')
    await paid.does('decide-clause', 'yes')
    await paid.does('propose-by-contract', 'approved')
    await paid.does('execute-compensation', 'executed')
    expect(await refusal(paid.command({ type: 'withdraw', reason: 'mistake' }, boss))).toBe('IRREVERSIBLE')
  })
})

it('P-12: restoration by standby does not close the fault', async () => {
  for (const [answer, outcome] of [
    ['restored', 'restored-and-planned'],
    ['no-standby', 'no-standby'],
  ] as const) {
    const desk = await Desk.open(faultLevel1, facts)
    await desk.does('report-fault', 'registered')
    await desk.does('issue-fault-application', 'sent')
    await desk.signs('start-standby-and-plan', 'standby', answer)
    expect(desk.open).toEqual(['start-standby-and-plan'])
    await desk.signs('start-standby-and-plan', 'plan', 'planned')
    expect(desk.state.journal.at(-1)).toMatchObject({ step: 'start-standby-and-plan', outcome })
    expect(desk.open).toEqual(['implement-solution'])
    await desk.does('implement-solution', 'not-fixed')
    expect(desk.open).toEqual(['implement-solution'])
  }
})

it('P-13: a fault that is not fixed gets a new solution', async () => {
  const desk = await Desk.open(faultLevel2, facts)
  await desk.does('report-fault', 'registered')
  await desk.does('issue-fault-application', 'sent')
  await desk.does('make-solution', 'made')
  await desk.does('implement-solution', 'not-fixed')
  expect(desk.open).toEqual(['make-solution'])
})

it('P-13: a supervisor, and nobody else, raises it to level 1 once the implementation is overdue', async () => {
  const desk = await Desk.open(faultLevel2, facts)
  const raise = (actor = boss) => refusal(desk.command({ type: 'raise', reason: 'whole site down' }, actor))
  await desk.does('report-fault', 'registered')
  await desk.does('issue-fault-application', 'sent')
  await desk.waits(60)
  expect(await raise()).toBe('NOT_RAISABLE')
  await desk.does('make-solution', 'made')
  expect(await raise()).toBe('NOT_RAISABLE')
  await desk.waits(60)
  expect(await raise(desk.holder('implement-solution'))).toBe('NOT_ALLOWED')
  expect(await raise()).toBe('done')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'regraded', next: 'o1.c' })
  expect(nextOpening(faultLevel2.spec, desk.state).opened).toMatchObject({ process: 'fault-level-1', continuedFrom: 'o1', facts })
})
