/** Processes that take months, in skipped time: dunning climbs by the calendar and stops at the payment, tracking goes on until it is said. */
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import type { OrderState } from '../../domain/order/state.ts'
import { begin, doStep, openWorld, replays, until, verify, type World } from '../support/world.ts'

const DAY = 86_400_000

let env: TestWorkflowEnvironment
let world: World
beforeAll(async () => {
  env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: inject('testServerPath') } },
  })
  world = await openWorld({ address: env.address })
  await world.db.pool.query('DELETE FROM delegation; DELETE FROM absence')
})
afterAll(async () => {
  await world?.close()
  await env?.teardown()
})

const stepsOf = ({ journal }: OrderState): string[] =>
  journal.flatMap((entry) => ('step' in entry ? [`${entry.step}=${entry.outcome}`] : []))
const opens = (order: string, step: string): Promise<OrderState> =>
  until(world, order, ({ tasks }) => Object.values(tasks).some((task) => task.step === step), `${step} opens`)
const services = async (order: string) =>
  (
    await world.db.pool.query<{ status: string; n: number }>(
      'SELECT s.status, count(*)::int AS n FROM service s JOIN orders o ON o.customer_id = s.customer_id WHERE o.id = $1 GROUP BY 1 ORDER BY 1',
      [order],
    )
  ).rows

it('dunning climbs by the calendar over months, and a payment stops it and restores the service', async () => {
  const began = await env.currentTimeMs()
  const order = await begin(world, 'arrears-dunning', {
    amount: 50_000,
    period: '2026-01',
    dueDate: new Date(began + 30 * DAY).toISOString(),
  })
  const before = await services(order)
  await doStep(world, order, 'check-account', 'charge')
  await opens(order, 'send-charge-notice')
  await env.sleep(29 * DAY)
  await opens(order, 'send-charge-notice')
  await env.sleep(2 * DAY)
  await opens(order, 'warn-departments')
  await doStep(world, order, 'warn-departments', 'warned')
  await opens(order, 'dun-by-machine')
  await env.sleep(7 * DAY + 1_000)
  await opens(order, 'dun-by-person')
  await env.sleep(10 * DAY + 1_000)
  await doStep(world, order, 'decide-restriction', 'restrict')
  await opens(order, 'restrict-service')
  // The machine has restricted what was in use, and waits.
  await expect
    .poll(() => services(order))
    .toEqual(before.map(({ status, n }) => ({ status: status === 'active' ? 'suspended' : status, n })))
  await env.sleep(20 * DAY)
  const handle = world.client.workflow.getHandle(order)
  const pays = (id: string, amount: number) => handle.signal('received', { kind: 'payment', id, facts: { amount, paidAt: 1 } })
  await pays('B-1', 20_000)
  await until(world, order, ({ received }) => received?.length === 1, 'the first part has come in')
  await opens(order, 'restrict-service')
  await pays('B-2', 30_000)
  await opens(order, 'feed-back-payment')
  expect(await services(order)).toEqual(before)
  await doStep(world, order, 'feed-back-payment', 'fed-back')
  const state = await opens(order, 'adjust-credit')
  expect(stepsOf(state)).toEqual([
    'check-account=charge',
    'send-charge-notice=unpaid-at-due',
    'warn-departments=warned',
    'record-arrears=recorded',
    'dun-by-machine=unpaid',
    'dun-by-person=unpaid',
    'decide-restriction=restrict',
    'restrict-service=paid',
    'restore-service=restored',
    'feed-back-payment=fed-back',
  ])
  const silent = (await world.history(order)).filter(({ type, actor }) => type === 'task-completed' && actor.kind === 'clock')
  expect(silent).toHaveLength(3)
  expect(state.at - began).toBeGreaterThan(65 * DAY)
  await verify(world, order)
  await replays(world, order)
}, 90_000)

it('a case is tracked month after month, overdue and yet open, until the manager says how it ends', async () => {
  const order = await begin(world, 'retention', { entry: 'case' })
  const { at: began } = await world.state(order)
  await doStep(world, order, 'raise-alarm', 'accepted')
  await doStep(world, order, 'choose-scheme', 'from-library', { scheme: 'A' })
  for (const month of [1, 2, 3]) {
    await doStep(world, order, 'carry-out', 'contact-made', { contact: `month ${month}`, attemptResult: 'undecided' })
    await opens(order, 'track-scheme')
    await env.sleep(31 * DAY)
    await until(world, order, ({ clocks }) => (clocks[`track-scheme.${month}/complete`]?.rungs.length ?? 9) <= 2, 'the month is over')
    await doStep(world, order, 'track-scheme', month < 3 ? 'again' : 'kept')
  }
  await doStep(world, order, 'close-scheme', 'closed', { finalCost: 5_000 })
  const state = await until(world, order, ({ status }) => status === 'closed', 'it is evaluated')
  expect(state.end).toBe('kept')
  const evaluated = state.journal.findLast((entry) => 'step' in entry && entry.step === 'evaluate')
  expect(Number((evaluated as { data?: { days?: number } }).data?.days)).toBeGreaterThanOrEqual(93)
  expect(state.at - began).toBeGreaterThan(93 * DAY)
  await verify(world, order)
  await replays(world, order)
}, 90_000)
