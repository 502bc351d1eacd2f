/** P-09 played by its rules. */
import { expect, it } from 'vitest'
import type { Actor } from '../../domain/order/event.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { complaint } from '../../workflows/complaint/complaint.ts'
import { boss, Desk, refusal } from './desk.ts'

const input = {
  businessCategory: 'leased line',
  category: 'network',
  number: '025-8888',
  complainant: 'Mr Li',
  raisedAt: Date.UTC(2026, 0, 5),
  homeRegion: 'Nanjing',
  content: 'the line is down every night',
  latestHandling: Date.UTC(2026, 0, 9),
}

async function classified(more: Record<string, Fact> = {}, by?: Actor): Promise<Desk> {
  const desk = await Desk.open(complaint, { ...input, ...more }, by)
  await desk.does('receive-complaint', 'received')
  await desk.does('record-classify', 'classified')
  return desk
}
const asked = async (desk: Desk): Promise<Desk> => {
  await desk.does('reply-customer', 'replied')
  return desk
}
/** Not satisfied, and raised to where the record says. */
async function raised(desk: Desk, to: string): Promise<void> {
  await desk.does('reply-customer', 'replied')
  await desk.does('decide-satisfied', 'not-satisfied')
  await desk.machineDoes('escalate-next', to)
}
async function department(desk: Desk, key: string, outcome: string): Promise<void> {
  const task = Object.values(desk.state.tasks).find((open) => open.key === key)!
  const actor: Actor = { kind: 'person', id: task.person!, roles: ['business-dept'] }
  if (task.status === 'offered') await desk.command({ type: 'accept', task: task.id }, actor)
  const form: Record<string, string> = outcome === 'resolved' ? { result: 'done' } : { reason: 'not ours' }
  await desk.command({ type: 'complete', task: task.id, outcome, form }, actor)
}
const lastBy = (desk: Desk, step: string) =>
  desk.record.events.findLast((event) => event.type === 'task-completed' && event.data.task.startsWith(step))?.actor.kind

it('is resolved by the account manager, answered, and filed with what the customer needs', async () => {
  const desk = await classified()
  await desk.does('self-resolve', 'resolved')
  await asked(desk)
  await desk.does('decide-satisfied', 'satisfied')
  expect(await refusal(desk.does('archive-needs', 'archived', { need: ' ' }))).toBe('FORM_INVALID')
  await desk.does('archive-needs', 'archived', { need: 'a second line' })
  expect(desk.state).toMatchObject({ status: 'closed', end: 'closed', facts: { need: 'a second line' } })
})

it('moves up by itself where nobody acts in time, and the history says that the clock did it', async () => {
  const desk = await classified()
  await desk.waits(31)
  expect(desk.open).toEqual(['department-cooperate'])
  expect(lastBy(desk, 'self-resolve')).toBe('clock')
  await desk.waits(31)
  expect(desk.open).toEqual(['yellow-channel'])
  await desk.waits(31)
  expect(desk.open).toEqual(['red-channel'])
  expect(lastBy(desk, 'yellow-channel')).toBe('clock')
  // Above the red channel there is nobody: an overrun is marked, and stays open.
  await desk.waits(100)
  expect(desk.open).toEqual(['red-channel'])
})

it('asks the departments chosen, side by side, and goes on when all have answered', async () => {
  const desk = await classified()
  await desk.does('self-resolve', 'cannot', { departments: ['u1', 'u2', 'u1'] })
  expect(Object.keys(desk.state.tasks).sort()).toEqual(['department-cooperate:u1.1', 'department-cooperate:u2.1'])
  await department(desk, 'u2', 'resolved')
  expect(desk.open).toEqual(['department-cooperate'])
  await department(desk, 'u1', 'resolved')
  expect(desk.open).toEqual(['department-feedback'])
  await desk.does('department-feedback', 'fed-back')
  expect(desk.open).toEqual(['reply-customer'])
})

it.each([['u1'], ['u2']])('one department that cannot is enough for the yellow channel, whoever it is: %s', async (cannot) => {
  const desk = await classified()
  await desk.does('self-resolve', 'cannot', { departments: ['u1', 'u2'] })
  await department(desk, 'u1', cannot === 'u1' ? 'cannot' : 'resolved')
  expect(desk.open).toEqual(['department-cooperate'])
  await department(desk, 'u2', cannot === 'u2' ? 'cannot' : 'resolved')
  expect(desk.open).toEqual(['yellow-channel'])
})

it('both departments late in the same moment move it up once', async () => {
  const desk = await classified()
  await desk.does('self-resolve', 'cannot', { departments: ['u1', 'u2'] })
  await desk.waits(31)
  expect(desk.open).toEqual(['yellow-channel'])
})

it('goes level by level where the customer is not satisfied, and ends with the answer of the red channel', async () => {
  const desk = await classified()
  await desk.does('self-resolve', 'resolved')
  await raised(desk, 'to-departments')
  expect(Object.keys(desk.state.tasks)).toEqual(['department-cooperate.1'])
  await desk.does('department-cooperate', 'resolved')
  await desk.does('department-feedback', 'fed-back')
  await raised(desk, 'to-yellow')
  await desk.does('yellow-channel', 'resolved')
  await raised(desk, 'to-red')
  await desk.does('red-channel', 'resolved')
  await raised(desk, 'answer-is-final')
  expect(desk.open).toEqual(['archive-needs'])
})

it('an answer is final only once the red channel has given it', async () => {
  const desk = await asked(await resolvedBySelf())
  expect(await refusal(desk.does('decide-satisfied', 'final-answer-given'))).toBe('REQUIREMENT')
  await desk.does('decide-satisfied', 'not-satisfied')
  await desk.machineDoes('escalate-next', 'to-red')
  await desk.does('red-channel', 'final-answer', { decision: 'no more than that' })
  await asked(desk)
  await desk.does('decide-satisfied', 'final-answer-given')
  expect(desk.open).toEqual(['archive-needs'])
})

async function resolvedBySelf(): Promise<Desk> {
  const desk = await classified()
  await desk.does('self-resolve', 'resolved')
  return desk
}

it('takes silence for no answer, and files the complaint', async () => {
  const desk = await asked(await resolvedBySelf())
  await desk.waits(31)
  expect(desk.open).toEqual(['archive-needs'])
  expect(desk.state.journal.at(-1)).toMatchObject({ step: 'decide-satisfied', outcome: 'no-answer' })
  expect(lastBy(desk, 'decide-satisfied')).toBe('clock')
})

it('lets the customer say himself whether he is satisfied, and nothing else', async () => {
  const desk = await asked(await resolvedBySelf())
  const customer: Actor = { kind: 'customer', id: 'contact-1' }
  const says = (outcome: string) => desk.command({ type: 'complete', task: desk.task('decide-satisfied').id, outcome }, customer)
  expect(await refusal(says('no-answer'))).toBe('UNKNOWN_OUTCOME')
  expect(await refusal(says('final-answer-given'))).toBe('UNKNOWN_OUTCOME')
  await says('not-satisfied')
  expect(desk.open).toEqual(['escalate-next'])
})

it.each([
  ['yellow', 'yellow-channel'],
  ['red', 'red-channel'],
])('a supervisor opens it on %s', async (openOn, step) => {
  const desk = await classified({ openOn }, boss)
  expect(desk.open).toEqual([step])
  // The history keeps who, without the roles that only the decision needed.
  expect(desk.record.events[0]?.actor).toEqual({ kind: 'person', id: 'boss' })
})

it.each([
  ['nobody’s roles', undefined],
  ['a clerk', { kind: 'person', id: 'reporter', roles: ['kac-staff', 'hotline-agent'] }],
  ['the customer', { kind: 'customer', id: 'contact-1', roles: ['customer'] }],
] as const)('%s opens it on no channel but the first', async (_who, actor) => {
  expect(await refusal(Desk.open(complaint, { ...input, openOn: 'red' }, actor))).toBe('NOT_ALLOWED')
  expect((await Desk.open(complaint, input, actor)).open).toEqual(['receive-complaint'])
})

it('keeps the overall clock running until the answer, and on when that does not satisfy', async () => {
  const desk = await resolvedBySelf()
  expect(desk.state.clocks.handling?.stopped).toBeUndefined()
  await asked(desk)
  expect(desk.state.clocks.handling?.stopped).toBe(desk.now)
  await desk.does('decide-satisfied', 'not-satisfied')
  expect(desk.state.clocks.handling?.stopped).toBeUndefined()
})

it('opens a return visit and a suggestion where that is wanted, without waiting for them', async () => {
  for (const [form, processes] of [
    [{}, []],
    [{ visit: true, kind: 'phone' }, ['return-visit']],
    [{ visit: true, suggest: true, product: 'dia' }, ['return-visit', 'suggestion']],
  ] as const) {
    const desk = await asked(await resolvedBySelf())
    await desk.does('decide-satisfied', 'satisfied')
    await desk.does('archive-needs', 'archived', { kind: 'phone', product: 'dia', ...form })
    expect(Object.values(desk.state.children).map(({ process, waits }) => [process, waits])).toEqual(processes.map((id) => [id, false]))
    expect(desk.state.status).toBe('closed')
  }
})
