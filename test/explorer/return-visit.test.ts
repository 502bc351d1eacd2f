/** P-08 played by its rules. */
import { expect, it } from 'vitest'
import { checkForm } from '../../domain/order/form.ts'
import { specOf } from '../../domain/processes/index.ts'
import { returnVisitSpec } from '../../domain/processes/return-visit.ts'
import { childArgs } from '../../workflows/kit/offspring.ts'
import { example } from '../support/simulator.ts'
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

it('opens what was found as a fault, a complaint or a suggestion, as the form says', async () => {
  const given = {
    content: 'down every night',
    raisedAt: Date.UTC(2026, 0, 4),
    businessCategory: 'leased line',
    category: 'network',
    number: '025-1',
    complainant: 'Li',
    homeRegion: 'Nanjing',
    latestHandling: Date.UTC(2026, 0, 9),
    product: 'dia',
  } as const
  const asked = { openFault: false, openComplaint: false, openSuggestion: false }
  for (const [choice, processes] of [
    [{}, []],
    [{ openComplaint: true }, ['complaint']],
    [{ openSuggestion: true }, ['suggestion']],
    [{ openFault: true, openComplaint: true, openSuggestion: true }, ['complaint', 'graded-fault', 'suggestion']],
  ] as const) {
    const desk = await appointed()
    await desk.does('conduct-visit', 'visited')
    await desk.does('record-visit', 'with-problems')
    await desk.does('handle-problems', 'handled', { ...given, ...asked, ...choice })
    const started = Object.entries(desk.state.children)
    expect(started.map(([, { process }]) => process).sort()).toEqual(processes)
    expect(started.every(([, { waits }]) => !waits)).toBe(true)
    expect(desk.open).toEqual(['summarise-visit'])
    for (const [id, { process }] of started) {
      const { input } = specOf(process)
      const { facts, customer, startedBy } = childArgs(returnVisitSpec, desk.machine, id).opened
      expect([customer, startedBy]).toEqual(['c1', 'o1'])
      // What the other process wants at its door is there, and fits.
      checkForm(input, Object.fromEntries(Object.entries(facts).filter(([name]) => name in input)))
    }
  }
})

it.each([
  ['openComplaint', 'content'],
  ['openComplaint', 'number'],
  ['openComplaint', 'latestHandling'],
  ['openSuggestion', 'content'],
  ['openSuggestion', 'raisedAt'],
  ['openSuggestion', 'product'],
])('%s needs its %s', async (open, missing) => {
  const desk = await appointed()
  await desk.does('conduct-visit', 'visited')
  await desk.does('record-visit', 'with-problems')
  const { id } = desk.task('handle-problems')
  const { [missing]: _left, ...form } = {
    ...example(returnVisitSpec.steps['handle-problems'].outcomes.handled.form!, desk.now),
    [open]: true,
  }
  const filled = { ...form, openFault: false, [open === 'openComplaint' ? 'openSuggestion' : 'openComplaint']: false }
  const holder = desk.holder('handle-problems')
  if (desk.task('handle-problems').status === 'offered') await desk.command({ type: 'accept', task: id }, holder)
  const work = desk.command({ type: 'complete', task: id, outcome: 'handled', form: filled }, holder)
  await expect(work).rejects.toMatchObject({ code: 'FORM_INVALID', field: `form.${missing}`, detail: 'required' })
})

it('hands an opportunity to business acceptance', async () => {
  const desk = await appointed()
  await desk.does('conduct-visit', 'visited')
  await desk.does('record-visit', 'no-problems')
  await desk.does('summarise-visit', 'summarised')
  await desk.does('decide-opportunity', 'yes', { opportunity: 'a second line', contactPerson: 'Li', contactPhone: '1', address: 'here' })
  await desk.machineDoes('start-business-acceptance', 'started', { request: 'br-o1', fromVisit: 'o1', demand: 'a second line' })
  expect(desk.state).toMatchObject({ status: 'closed', end: 'opportunity-opened', facts: { opportunity: 'a second line' } })
  const [child] = Object.keys(desk.state.children)
  expect(desk.state.children[child!]).toMatchObject({ process: 'customer-visit', waits: false })
  expect(childArgs(returnVisitSpec, desk.machine, child!).opened).toMatchObject({
    process: 'customer-visit',
    customer: 'c1',
    startedBy: 'o1',
    facts: {
      demand: 'a second line',
      opportunity: 'a second line',
      fromVisit: 'o1',
      contactPerson: 'Li',
      contactPhone: '1',
      address: 'here',
      channel: 'return-visit',
    },
  })
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
