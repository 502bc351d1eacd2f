/** P-05 played by its rules. */
import { expect, it } from 'vitest'
import type { Actor } from '../../domain/order/event.ts'
import { construction } from '../../workflows/order/construction.ts'
import { boss, Desk, refusal } from './desk.ts'

const input = { contract: 'ct-1', siteA: 'A', siteContact: 'Mr Li', circuitsNeeded: 'one' }
const due = Date.UTC(2026, 2, 1)

async function granted(more = {}): Promise<Desk> {
  const desk = await Desk.open(construction, { ...input, ...more })
  await desk.does('apply-start', 'granted', { constructionDue: due })
  return desk
}

async function built(more = {}): Promise<Desk> {
  const desk = await granted(more)
  await desk.does('prepare-circuit', 'ready', { circuits: ['r1', 'r2'] })
  await desk.does('draft-construction-plan', 'submitted')
  await desk.does('build', 'built')
  await desk.does('joint-test', 'passed', { testReport: 'all well' })
  return desk
}

/** Signed one after the other, so that the last one decides. */
async function accept(desk: Desk, verdicts: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const party of ['centre', 'engineering', 'customer']) await desk.signs('joint-acceptance', party, verdicts[party] ?? 'qualified')
}

it('prepares circuits and plan side by side, builds, tests, is accepted by three, filed and settled', async () => {
  const desk = await granted()
  expect(desk.open).toEqual(['draft-construction-plan', 'prepare-circuit'])
  await desk.does('draft-construction-plan', 'returned')
  await desk.does('prepare-circuit', 'ready', { circuits: ['r1'] })
  expect(desk.open).toEqual(['draft-construction-plan'])
  await desk.does('draft-construction-plan', 'submitted')
  await desk.does('build', 'built')
  await desk.does('joint-test', 'failed')
  expect(desk.open).toEqual(['build'])
  await desk.does('build', 'built')
  await desk.does('joint-test', 'passed')
  await accept(desk)
  expect(desk.state.facts).toMatchObject({ centreVote: 'qualified', engineeringVote: 'qualified', customerVote: 'qualified' })
  expect(desk.state.released).toBeUndefined()
  await desk.does('archive-construction', 'archived')
  expect(desk.state).toMatchObject({ status: 'open', released: 'accepted', irreversible: true })
  expect(desk.open).toEqual(['settle-construction'])
  await desk.does('settle-construction', 'settled')
  // What is built stays; the circuits may still be freed by whoever waited for it.
  expect(desk.state).toMatchObject({ status: 'closed', end: 'accepted', undo: [{ effect: 'release-resources' }] })
  expect(desk.state.stays).toMatchObject([{ step: 'archive-construction' }])
})

it('does not start without a contract date, which may be given with the permission', async () => {
  const desk = await Desk.open(construction, input)
  const { id } = desk.task('apply-start')
  await desk.command({ type: 'accept', task: id }, desk.holder('apply-start'))
  const grant = (form = {}) => desk.command({ type: 'complete', task: id, outcome: 'granted', form }, desk.holder('apply-start'))
  expect(await refusal(grant())).toBe('REQUIREMENT')
  await grant({ constructionDue: due })
  expect(desk.state.facts.constructionDue).toBe(due)
})

it('ends where the start is refused, and where there is no resource, whatever is being planned', async () => {
  const refused = await Desk.open(construction, input)
  await refused.does('apply-start', 'refused')
  expect(refused.state).toMatchObject({ status: 'closed', end: 'terminated' })
  const none = await granted()
  await none.does('prepare-circuit', 'no-resource')
  expect(none.state).toMatchObject({ status: 'closed', end: 'terminated', tasks: {}, undo: [] })
})

it('hears all three before one "not qualified" sends it to rework, and nobody signs for two', async () => {
  const desk = await built()
  const centre = desk.task('joint-acceptance').parties!.centre!.person!
  await desk.signs('joint-acceptance', 'engineering', 'not-qualified')
  expect(desk.open).toEqual(['joint-acceptance'])
  await desk.signs('joint-acceptance', 'centre', 'qualified')
  const same: Actor = { kind: 'person', id: centre, roles: ['kac-staff'] }
  expect(await refusal(desk.signs('joint-acceptance', 'customer', 'qualified', same))).toBe('NOT_ASSIGNEE')
  await desk.signs('joint-acceptance', 'customer', 'qualified', { kind: 'customer', id: 'contact-1' })
  expect(desk.open).toEqual(['rectify'])
  await desk.does('rectify', 'rectified')
  expect(desk.task('joint-acceptance').parties).toMatchObject({ engineering: { roles: ['engineering-dept'] } })
  await accept(desk)
  expect(desk.open).toEqual(['archive-construction'])
})

it('tests again after rework where the order says so', async () => {
  const desk = await built({ retest: true })
  await accept(desk, { customer: 'not-qualified' })
  await desk.does('rectify', 'rectified')
  expect(desk.open).toEqual(['joint-test'])
  await desk.does('joint-test', 'failed')
  expect(desk.open).toEqual(['build'])
  await desk.does('build', 'built')
  await desk.does('joint-test', 'passed')
  expect(desk.open).toEqual(['joint-acceptance'])
})

it('counts the rounds of rework: each opens the step anew', async () => {
  const desk = await built()
  for (const round of [1, 2, 3]) {
    await accept(desk, { centre: 'not-qualified' })
    expect(desk.task('rectify').n).toBe(round)
    await desk.does('rectify', 'rectified')
  }
})

it('frees the circuits when it is withdrawn after they were found, and can be withdrawn no more once filed', async () => {
  const desk = await built()
  await desk.command({ type: 'withdraw', reason: 'the customer moves' }, boss)
  expect(desk.state).toMatchObject({ status: 'withdrawing', tasks: {}, undo: [{ effect: 'release-resources' }] })
  await desk.give({ kind: 'undone', effect: 'release-resources' })
  expect(desk.state).toMatchObject({ status: 'closed', end: 'withdrawn' })
  const filed = await built()
  await accept(filed)
  await filed.does('archive-construction', 'archived')
  expect(await refusal(filed.command({ type: 'withdraw', reason: 'x' }, boss))).toBe('IRREVERSIBLE')
})

it('goes back to the circuits when a supervisor changes what is needed, and frees what was found', async () => {
  const desk = await built()
  await desk.command({ type: 'amend', facts: { circuitsNeeded: 'two' }, reason: 'the customer wants two' }, boss)
  expect(desk.open).toEqual(['draft-construction-plan', 'prepare-circuit'])
  expect(desk.state.undo).toMatchObject([{ effect: 'release-resources', due: true }])
  await desk.give({ kind: 'undone', effect: 'release-resources' })
  await desk.does('prepare-circuit', 'ready', { circuits: ['r3', 'r4'] })
  await desk.does('draft-construction-plan', 'submitted')
  expect(desk.open).toEqual(['build'])
  expect(desk.state.facts.circuits).toEqual(['r3', 'r4'])
})
