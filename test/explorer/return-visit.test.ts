/** P-08 played by its rules. */
import { expect, it } from 'vitest'
import { returnVisit } from '../../workflows/customer/return-visit.ts'
import { Desk, refusal } from './desk.ts'

const input = { occasion: 'scheduled' }

async function ordered(): Promise<Desk> {
  const desk = await Desk.open(returnVisit, input)
  await desk.machineDoes('select-customers', 'selected', { customers: ['c1'] })
  await desk.does('make-visit-plan', 'planned')
  return desk
}

async function appointed(): Promise<Desk> {
  const desk = await ordered()
  await desk.does('issue-visit-order', 'accepted')
  await desk.does('prepare-visit', 'prepared')
  await desk.does('make-appointment', 'agreed')
  return desk
}

it('goes from the selection to the summary and ends visited', async () => {
  const desk = await appointed()
  await desk.does('conduct-visit', 'visited')
  await desk.does('record-visit', 'no-problems')
  await desk.does('summarise-visit', 'summarised')
  await desk.does('decide-opportunity', 'no')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'visited' })
})

it('ends at once where the conditions meet nobody', async () => {
  const desk = await Desk.open(returnVisit, input)
  await desk.machineDoes('select-customers', 'none')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'nothing-to-visit' })
})

it('plans anew when the order is refused, with the reason', async () => {
  const desk = await ordered()
  await desk.refuses('issue-visit-order', 'on leave')
  expect(desk.open).toEqual(['make-visit-plan'])
  expect(desk.record.events.find(({ type }) => type === 'task-refused')?.data).toMatchObject({ reason: 'on leave' })
})

it('tries again when the customer cannot be reached, and records what he declines', async () => {
  const desk = await ordered()
  await desk.does('issue-visit-order', 'accepted')
  await desk.does('prepare-visit', 'prepared')
  await desk.does('make-appointment', 'not-reachable')
  expect(desk.task('make-appointment').n).toBe(2)
  await desk.does('make-appointment', 'declined')
  expect(desk.open).toEqual(['record-visit'])
})

it('may be stopped, or handed over to somebody who prepares anew', async () => {
  const desk = await appointed()
  expect(await refusal(desk.does('conduct-visit', 'reassigned', { reason: ' ' }))).toBe('FORM_INVALID')
  await desk.does('conduct-visit', 'reassigned', { reason: 'ill', person: 'zhang' })
  expect(desk.open).toEqual(['prepare-visit'])
  await desk.does('prepare-visit', 'prepared')
  await desk.does('make-appointment', 'agreed')
  await desk.does('conduct-visit', 'stopped')
  expect(desk.open).toEqual(['record-visit'])
})

it('opens a fault ticket for a problem where asked, without waiting for it', async () => {
  for (const openFault of [true, false]) {
    const desk = await appointed()
    await desk.does('conduct-visit', 'visited')
    await desk.does('record-visit', 'with-problems')
    await desk.does('handle-problems', 'handled', { openFault, service: 's1', symptom: 'noise', reporter: 'Li' })
    expect(Object.values(desk.state.children).map(({ process, waits }) => [process, waits])).toEqual(
      openFault ? [['graded-fault', false]] : [],
    )
    expect(desk.open).toEqual(['summarise-visit'])
  }
})

it('hands an opportunity to business acceptance', async () => {
  const desk = await appointed()
  await desk.does('conduct-visit', 'visited')
  await desk.does('record-visit', 'no-problems')
  await desk.does('summarise-visit', 'summarised')
  await desk.does('decide-opportunity', 'yes', { opportunity: 'a second line' })
  await desk.machineDoes('start-business-acceptance', 'started')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'opportunity-opened', facts: { opportunity: 'a second line' } })
})

it.each([
  [['visited', 'opportunity-opened', 'visited'], 'opportunity-opened'],
  [['visited', 'withdrawn', 'visited'], 'visited'],
  [['withdrawn', 'withdrawn', 'withdrawn'], 'nothing-to-visit'],
])('runs one order for each customer of the plan: %j is %s', async (ends, end) => {
  const desk = await Desk.open(returnVisit, input)
  await desk.machineDoes('select-customers', 'selected', { customers: ['a', 'b', 'c', 'b'] })
  await desk.does('make-visit-plan', 'planned')
  expect(desk.open).toEqual(['o1.a', 'o1.b', 'o1.c'])
  expect(desk.machine.childStart('o1.b')).toEqual({ customer: 'b', input: { planned: true, customers: ['b'] } })
  for (const [i, key] of ['a', 'b', 'c'].entries()) await desk.childEnds(key, ends[i]!)
  expect(desk.state).toMatchObject({ status: 'closed', end })
})

it('visits whom a condition selected in an order of their own, even if it is only one', async () => {
  const desk = await Desk.open(returnVisit, { ...input, condition: 'low-satisfaction' })
  await desk.machineDoes('select-customers', 'selected', { customers: ['other'] })
  await desk.does('make-visit-plan', 'planned')
  expect(desk.open).toEqual(['o1.other'])
  await desk.childEnds('other', 'visited')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'visited' })
})

it('a planned visit starts with its order', async () => {
  const desk = await Desk.open(returnVisit, { ...input, planned: true })
  expect(desk.open).toEqual(['issue-visit-order'])
})
