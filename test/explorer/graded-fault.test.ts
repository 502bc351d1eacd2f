/** P-14 played by its rules. */
import { expect, it } from 'vitest'
import { gradedFault } from '../../workflows/fault/graded-fault.ts'
import { boss, Desk, refusal } from './desk.ts'

const facts = { service: 's1', symptom: 'no signal', reporter: 'Li', source: '10000+9' }

async function dispatched(): Promise<Desk> {
  const desk = await Desk.open(gradedFault, facts)
  await desk.does('accept-fault', 'accepted')
  await desk.does('diagnose', 'needs-dispatch')
  await desk.does('dispatch-fault', 'dispatched')
  return desk
}

async function repaired(): Promise<Desk> {
  const desk = await dispatched()
  await desk.does('take-ticket', 'taken')
  await desk.does('repair-fault', 'repaired')
  await desk.does('return-receipt', 'returned')
  return desk
}

it('goes from acceptance to the case library', async () => {
  const desk = await repaired()
  await desk.does('confirm-recovery', 'recovered')
  const { report: _report, ...without } = { report: 'f1', cause: 'cable', solution: 'spliced' }
  expect(await refusal(desk.command({ type: 'accept', task: desk.task('upload-report').id }, desk.holder('upload-report')))).toBe('done')
  const upload = { type: 'complete', task: desk.task('upload-report').id, outcome: 'uploaded' } as const
  expect(await refusal(desk.command({ ...upload, form: without }, desk.holder('upload-report')))).toBe('FORM_INVALID')
  await desk.does('upload-report', 'uploaded')
  await desk.does('archive-fault', 'archived')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'closed' })
})

it('answers the customer where there is no fault', async () => {
  const desk = await Desk.open(gradedFault, facts)
  await desk.does('accept-fault', 'not-a-fault')
  await desk.does('reply-not-a-fault', 'replied')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'not-a-fault' })
})

it('comes back for dispatch after a refusal, a return up and a change of level', async () => {
  const desk = await dispatched()
  expect(await refusal(desk.refuses('take-ticket', ' '))).toBe('REASON_REQUIRED')
  await desk.refuses('take-ticket', 'wrong city')
  expect(desk.open).toEqual(['dispatch-fault'])
  await desk.does('dispatch-fault', 'dispatched')
  await desk.does('take-ticket', 'not-mine-up', { reason: 'province' })
  await desk.does('dispatch-fault', 'dispatched', { level: 'province' })
  await desk.does('take-ticket', 'taken')
  await desk.does('repair-fault', 'needs-other-level')
  expect(desk.open).toEqual(['dispatch-fault'])
})

it('runs one repair clock through all of that, and on after a denied recovery', async () => {
  const desk = await dispatched()
  const began = desk.state.clocks.repair!
  await desk.refuses('take-ticket')
  await desk.does('dispatch-fault', 'dispatched')
  await desk.does('take-ticket', 'taken')
  await desk.does('repair-fault', 'needs-other-level')
  await desk.does('dispatch-fault', 'dispatched')
  await desk.does('take-ticket', 'taken')
  expect(desk.state.clocks.repair).toEqual(began)
  await desk.does('repair-fault', 'repaired')
  expect(desk.state.clocks.repair?.stopped).toBe(desk.now)
  await desk.does('return-receipt', 'returned')
  await desk.does('confirm-recovery', 'not-recovered')
  expect(desk.open).toEqual(['repair-fault'])
  expect(desk.state.clocks.repair).toEqual(began)
  await desk.does('repair-fault', 'repaired')
  await desk.does('return-receipt', 'returned')
  await desk.does('confirm-recovery', 'recovered')
  expect(desk.state.clocks.repair?.stopped).toBeDefined()
})

it('goes to repair when what was cleared remotely has not recovered', async () => {
  const desk = await Desk.open(gradedFault, facts)
  await desk.does('accept-fault', 'accepted')
  await desk.does('diagnose', 'cleared-remotely')
  expect(desk.open).toEqual(['confirm-recovery'])
  expect(desk.state.clocks.repair?.stopped).toBeDefined()
  await desk.does('confirm-recovery', 'not-recovered')
  expect(desk.open).toEqual(['repair-fault'])
  expect(desk.state.clocks.repair?.stopped).toBeUndefined()
})

it('stops the feedback clock with the first word to the customer, the repair clock not', async () => {
  const desk = await dispatched()
  expect(desk.state.clocks.feedback?.stopped).toBeUndefined()
  await desk.command({ type: 'comment', text: 'we are on it', told: 'customer' }, boss)
  expect(desk.state.clocks.feedback?.stopped).toBe(desk.now)
  expect(desk.state.clocks.repair?.stopped).toBeUndefined()
})

it('suspends a repair only with approval, and the quick steps not at all', async () => {
  const desk = await dispatched()
  const suspend = (step: string) => ({ type: 'suspend', task: desk.task(step).id, reason: 'site closed', party: 'customer' }) as const
  expect(await refusal(desk.command(suspend('take-ticket'), boss))).toBe('SUSPEND_NOT_ALLOWED')
  await desk.does('take-ticket', 'taken')
  const { id } = desk.task('repair-fault')
  await desk.command({ type: 'accept', task: id }, desk.holder('repair-fault'))
  await desk.command(suspend('repair-fault'), desk.holder('repair-fault'))
  expect(desk.task('repair-fault')).toMatchObject({ suspendAsked: { reason: 'site closed', party: 'customer' } })
  expect(desk.task('repair-fault').suspended).toBeUndefined()
  await desk.command(suspend('repair-fault'), boss)
  expect(desk.task('repair-fault').suspended).toMatchObject({ party: 'customer' })
})

it('keeps who was asked whether the service is back, and what they said', async () => {
  const desk = await repaired()
  expect(await refusal(desk.does('confirm-recovery', 'recovered', { asked: '' }))).toBe('FORM_INVALID')
  await desk.does('confirm-recovery', 'recovered', { asked: 'Mr Li', answer: 'works again' })
  expect(desk.state.journal.at(-1)).toMatchObject({ data: { asked: 'Mr Li', answer: 'works again' } })
})
