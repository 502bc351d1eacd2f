/** P-10 played by its rules. */
import { expect, it } from 'vitest'
import type { Actor } from '../../domain/order/event.ts'
import { specOf } from '../../domain/processes/index.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { customerTransfer } from '../../workflows/customer/customer-transfer.ts'
import { example } from '../support/simulator.ts'
import { Desk } from './desk.ts'

const open = (...departments: string[]) => Desk.open(customerTransfer, { departments, month: '2026-01' })

/** A step in the branch of a department. */
async function does(desk: Desk, key: string, step: string, outcome: string, form: Record<string, Fact> = {}): Promise<void> {
  const task = Object.values(desk.state.tasks).find((open) => open.step === step && open.key === key)
  if (!task) throw new Error(`${step} of ${key} is not open; open: ${Object.keys(desk.state.tasks).join()}`)
  const actor: Actor = { kind: 'person', id: task.person!, roles: task.roles ?? specOf('customer-transfer').steps[step]!.who }
  if (task.status === 'offered') await desk.command({ type: 'accept', task: task.id }, actor)
  const filled = { ...example(specOf('customer-transfer').steps[step]!.outcomes[outcome]!.form ?? {}, desk.now), ...form }
  await desk.command({ type: 'complete', task: task.id, outcome, form: filled }, actor)
}
async function transfers(desk: Desk, key: string, customers: string[], accountManager = 'am-1'): Promise<void> {
  await does(desk, key, 'submit-monthly-report', 'submitted')
  await does(desk, key, 'screen-customers', 'found', { customers })
  await does(desk, key, 'submit-list', 'agreed')
  await does(desk, key, 'transfer-data', 'transferred', { accountManager })
}
const tasks = (desk: Desk) => Object.keys(desk.state.tasks).sort()

it('runs one branch for each department; none waits for another', async () => {
  const desk = await open('u1', 'u2')
  expect(tasks(desk)).toEqual(['submit-monthly-report:u1.1', 'submit-monthly-report:u2.1'])
  await transfers(desk, 'u1', ['a', 'b'])
  expect(desk.open).toEqual(['o1.a', 'o1.b', 'submit-monthly-report'])
  expect(desk.machine.childStart('o1.b')).toEqual({ customer: 'b', input: { planned: true, customers: ['b'], person: 'am-1' } })
  await does(desk, 'u2', 'submit-monthly-report', 'submitted')
  await does(desk, 'u2', 'screen-customers', 'none')
  await desk.childEnds('a', 'transferred')
  await desk.childEnds('b', 'withdrawn')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'transferred' })
})

it('ends with none found where no department has anybody', async () => {
  const desk = await open('u1', 'u2')
  for (const key of ['u1', 'u2']) {
    await does(desk, key, 'submit-monthly-report', 'submitted')
    await does(desk, key, 'screen-customers', 'none')
  }
  expect(desk.state).toMatchObject({ status: 'closed', end: 'none-found' })
})

it('takes a customer over once, whoever reports him too', async () => {
  const desk = await open('u1', 'u2')
  await transfers(desk, 'u1', ['a'])
  await transfers(desk, 'u2', ['a', 'c'], 'am-2')
  expect(desk.open).toEqual(['o1.a', 'o1.c'])
  await desk.childEnds('a', 'transferred')
  await desk.childEnds('c', 'transferred')
  expect(desk.state.end).toBe('transferred')
})

it('screens a disputed list anew, by the group department', async () => {
  const desk = await open('u1')
  await does(desk, 'u1', 'submit-monthly-report', 'submitted')
  await does(desk, 'u1', 'screen-customers', 'found', { customers: ['a', 'b'] })
  await does(desk, 'u1', 'submit-list', 'disputed', { reason: 'b is ours' })
  expect(desk.task('screen-customers')).toMatchObject({ key: 'u1', n: 2, roles: ['group-dept'] })
  await does(desk, 'u1', 'screen-customers', 'found', { customers: ['a'] })
  await does(desk, 'u1', 'submit-list', 'agreed')
  await does(desk, 'u1', 'transfer-data', 'transferred')
  expect(desk.open).toEqual(['o1.a'])
})

it('contacts the customer until he is reached, then starts the return visit beside', async () => {
  const desk = await Desk.open(customerTransfer, { planned: true, customers: ['a'], person: 'am-1' })
  expect(desk.open).toEqual(['first-contact'])
  await desk.does('first-contact', 'not-reachable')
  await desk.does('first-contact', 'contacted')
  await desk.machineDoes('start-return-visit', 'started', { handedOver: 2 })
  expect(desk.state).toMatchObject({ status: 'closed', end: 'transferred' })
  expect(Object.values(desk.state.children).map(({ process, waits }) => [process, waits])).toEqual([['return-visit', false]])
})
