/** P-04 played by its rules. */
import { expect, it } from 'vitest'
import type { Actor } from '../../domain/order/event.ts'
import { contractCountersign } from '../../workflows/order/contract-countersign.ts'
import { boss, Desk, refusal } from './desk.ts'

const director = (maxAmount: number): Partial<Actor> => ({
  authority: { rule: 'director/city@1', maxAmount, maxTermMonths: 36, maxDiscountPct: 10 },
})

const terms = { amount: 5_000_000, termMonths: 24, discountPct: 5 }

async function drafted(input = {}): Promise<Desk> {
  const desk = await Desk.open(contractCountersign, input)
  await desk.does('draft-contract', 'drafted', terms)
  return desk
}

async function countersigned(desk: Desk): Promise<void> {
  await desk.signs('countersign-business', 'lawyer', 'agree')
  await desk.signs('countersign-business', 'business', 'agree')
  await desk.does('countersign-finance', 'agreed')
}

it('goes from draft to archive, both countersigns at once', async () => {
  const desk = await drafted()
  expect(desk.open).toEqual(['countersign-business', 'countersign-finance'])
  await countersigned(desk)
  await desk.does('customer-review', 'accepted')
  await desk.does('director-review', 'approved-within-authority', {}, director(10_000_000))
  expect(desk.state.irreversible).toBeUndefined()
  await desk.does('sign-contract', 'signed')
  expect(desk.state.irreversible).toBe(true)
  await desk.does('archive-contract', 'archived', { archiveNo: 'HT-1' })
  expect(desk.state).toMatchObject({ status: 'closed', end: 'signed', facts: { amount: 5_000_000, archiveNo: 'HT-1' } })
})

it('keeps the authority rule that applied, and sends up what is beyond it', async () => {
  const desk = await drafted()
  await countersigned(desk)
  await desk.does('customer-review', 'accepted')
  expect(await refusal(desk.does('director-review', 'approved-within-authority', {}, director(4_999_999)))).toBe('OVER_AUTHORITY')
  expect(await refusal(desk.does('director-review', 'over-authority', {}, director(5_000_000)))).toBe('WITHIN_AUTHORITY')
  await desk.does('director-review', 'over-authority', {}, director(0))
  const done = desk.record.events.findLast(({ type }) => type === 'task-completed')
  expect(done?.data).toMatchObject({ outcome: 'over-authority', rule: 'director/city@1' })
  await desk.does('leadership-approve', 'approved')
  expect(desk.open).toEqual(['sign-contract'])
})

it.each([
  [
    'the lawyer',
    (desk: Desk) => desk.signs('countersign-business', 'lawyer', 'object'),
    (desk: Desk) => desk.does('countersign-finance', 'agreed'),
  ],
  [
    'finance',
    (desk: Desk) => desk.does('countersign-finance', 'objection'),
    async (desk: Desk) => {
      await desk.signs('countersign-business', 'business', 'agree')
      await desk.signs('countersign-business', 'lawyer', 'agree')
    },
  ],
])('after an objection of %s a new text is countersigned anew by both', async (_who, object, other) => {
  const desk = await drafted()
  await object(desk)
  expect(desk.open).not.toContain('draft-contract')
  await other(desk)
  expect(desk.open).toEqual(['draft-contract'])
  await desk.does('draft-contract', 'drafted', { ...terms, amount: 4_000_000 })
  expect(desk.open).toEqual(['countersign-business', 'countersign-finance'])
  expect(desk.task('countersign-business').parties).toMatchObject({ business: { mandatory: true }, lawyer: { mandatory: true } })
  expect(desk.state.facts.amount).toBe(4_000_000)
  expect(desk.state.journal.filter((entry) => 'step' in entry && entry.step === 'draft-contract')).toHaveLength(2)
})

it.each(['customer-review=not-satisfied', 'director-review=rejected', 'leadership-approve=rejected'])(
  '%s goes back to the drafter',
  async (where) => {
    const desk = await drafted()
    await countersigned(desk)
    for (const route of ['customer-review=accepted', 'director-review=over-authority', 'leadership-approve=approved']) {
      const [step] = route.split('=')
      const [at, no] = where.split('=')
      const [, outcome] = (step === at ? [at, no] : route.split('=')) as [string, string]
      await desk.does(step!, outcome, {}, director(0))
      if (step === at) break
    }
    expect(desk.open).toEqual(['draft-contract'])
  },
)

it('lets the drafter neither countersign nor approve', async () => {
  const desk = await drafted()
  const drafter: Actor = { kind: 'person', id: 'kac-staff-1', roles: ['finance-dept', 'kac-director', 'lawyer'], ...director(10_000_000) }
  const { id } = desk.task('countersign-finance')
  await desk.command({ type: 'reassign', task: id, person: drafter.id, reason: 'ill' }, boss)
  expect(await refusal(desk.command({ type: 'accept', task: id }, drafter))).toBe('SEPARATION_OF_DUTIES')
  await desk.command({ type: 'reassign', task: id, person: 'finance-dept-1', reason: 'back' }, boss)
  await countersigned(desk)
  await desk.does('customer-review', 'accepted')
  const review = desk.task('director-review').id
  await desk.command({ type: 'dispatch', task: review, person: drafter.id }, boss)
  expect(await refusal(desk.command({ type: 'accept', task: review }, drafter))).toBe('SEPARATION_OF_DUTIES')
})

it.each(['customer-review', 'sign-contract'])('ends abandoned when the customer withdraws at %s', async (step) => {
  const desk = await drafted()
  await countersigned(desk)
  if (step === 'sign-contract') {
    await desk.does('customer-review', 'accepted')
    await desk.does('director-review', 'approved-within-authority', {}, director(10_000_000))
  }
  await desk.does(step, 'withdrawn')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'abandoned' })
})

it('in turn asks finance only once business agrees', async () => {
  const desk = await drafted({ countersign: 'serial' })
  expect(desk.open).toEqual(['countersign-business'])
  await desk.signs('countersign-business', 'business', 'agree')
  await desk.signs('countersign-business', 'lawyer', 'agree')
  expect(desk.open).toEqual(['countersign-finance'])
  await desk.does('countersign-finance', 'objection')
  expect(desk.open).toEqual(['draft-contract'])
})

it('voids the contract when it is withdrawn after a draft, and undoes nothing before', async () => {
  const early = await Desk.open(contractCountersign)
  await early.command({ type: 'withdraw', reason: 'mistake' }, boss)
  expect(early.state).toMatchObject({ status: 'closed', end: 'withdrawn' })
  const desk = await drafted()
  await desk.command({ type: 'withdraw', reason: 'mistake' }, boss)
  expect(desk.state).toMatchObject({ status: 'withdrawing', undo: [{ effect: 'void-contract' }] })
  await desk.give({ kind: 'undone', effect: 'void-contract' })
  expect(desk.state).toMatchObject({ status: 'closed', end: 'withdrawn' })
})

it('does not take silence for agreement: an overrun of the countersign decides nothing', async () => {
  const desk = await drafted()
  await desk.waits(60 * 24 * 7)
  expect(desk.open).toEqual(['countersign-business', 'countersign-finance'])
  expect(desk.state.clocks[`${desk.task('countersign-business').id}/complete`]?.fired).toEqual([80, 100, 150, 200])
})
