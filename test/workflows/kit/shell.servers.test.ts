/** The shell on a time-skipping server, with the record in memory: what Temporal adds to the machine. */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type Client, WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Activities, Move } from '../../../activities/types.ts'
import type { Actor } from '../../../domain/order/event.ts'
import type { Command, CommandBody } from '../../../domain/order/command.ts'
import type { Fact } from '../../../domain/order/spec.ts'
import { type Answer, act, order as orderQuery, opened, type StartArgs, type Tuning } from '../../../workflows/kit/messages.ts'
import { MemoryRecord } from '../../support/memory-record.ts'
import { sampleSpec } from '../../support/sample.ts'

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] })

const queue = `kit-${randomUUID()}`
const records = new Map<string, MemoryRecord>()
const undone: string[] = []
let failures = 0
let lostAnswers = 0

const activities: Activities = {
  async record(move: Move) {
    const record = records.get(move.order) ?? new MemoryRecord(move.order, sampleSpec)
    records.set(move.order, record)
    const recorded = record.record(move)
    if (lostAnswers > 0) {
      lostAnswers--
      throw new Error('committed, but the answer was lost')
    }
    return recorded
  },
  async automatic() {
    if (failures > 0) {
      failures--
      throw ApplicationFailure.nonRetryable('the register does not answer')
    }
    return { outcome: 'registered' }
  },
  openScheduled: () => Promise.resolve(undefined),
  reconcile: () => Promise.resolve({ looked: 0, repaired: 0, open: {} }),
  async undo({ effect }) {
    undone.push(effect)
  },
}

let env: TestWorkflowEnvironment
let client: Client
let worker: Worker
let running: Promise<void>
let bundle: { code: string }

const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} }
const brokenPath = fileURLToPath(new URL('../../support/sample-broken-workflows.ts', import.meta.url))

beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('../../support/sample-workflows.ts', import.meta.url))
  env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: inject('testServerPath') } },
  })
  bundle = await bundleWorkflowCode({ workflowsPath, logger: quiet })
  client = env.client
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: queue,
    workflowBundle: bundle,
    activities,
    maxConcurrentActivityTaskExecutions: 4,
  })
  running = worker.run()
}, 60_000)

afterAll(async () => {
  worker?.shutdown()
  await running
  await env?.teardown()
})

type Handle = WorkflowHandle

async function start(tuning?: Tuning, taskQueue = queue, facts: Readonly<Record<string, Fact>> = {}): Promise<Handle> {
  const id = `o-${randomUUID()}`
  const args: StartArgs = {
    id,
    actor: { kind: 'person', id: 'kac-staff-1' },
    opened: { process: 'sample', customer: 'c1', title: 'sample', region: '/cn', priority: 3, facts },
    ...(tuning && { tuning }),
  }
  const startWorkflowOperation = new WithStartWorkflowOperation('sample', {
    workflowId: id,
    taskQueue,
    args: [args],
    workflowIdConflictPolicy: 'USE_EXISTING',
  })
  await client.workflow.executeUpdateWithStart(opened, { startWorkflowOperation, updateId: 'opened' })
  return (await startWorkflowOperation.workflowHandle()) as Handle
}

const person = (id: string): Actor => ({ kind: 'person', id, roles: [id.replace(/-\d$/, '')], units: [] })

/** As the API does: with a deadline, and asked again with the same update id. */
async function give(handle: { workflowId: string }, by: string, body: CommandBody, id: string = randomUUID()): Promise<Answer> {
  const command = { ...body, id, actor: person(by) } as Command
  for (let left = 5; ; left--) {
    try {
      const ask = () => client.workflow.getHandle(handle.workflowId).executeUpdate(act, { args: [command], updateId: id })
      return await client.withDeadline(Date.now() + 3_000, ask)
    } catch (error) {
      if (left === 0 || (error as Error).cause instanceof ApplicationFailure) throw error
    }
  }
}

async function step(handle: Handle, by: string, task: string, outcome: string): Promise<void> {
  await give(handle, by, { type: 'accept', task })
  await give(handle, by, { type: 'complete', task, outcome })
}

async function toCountersign(handle: Handle): Promise<void> {
  await step(handle, 'kac-staff-1', 'draft.1', 'drafted')
  await step(handle, 'maintenance-dept-1', 'work-a.1', 'done')
  await step(handle, 'finance-dept-1', 'work-b.1', 'done')
}

async function toEnd(handle: Handle): Promise<void> {
  await toCountersign(handle)
  await give(handle, 'business-dept-1', { type: 'sign', task: 'countersign.1', party: 'business', answer: 'agree' })
  await give(handle, 'lawyer-1', { type: 'sign', task: 'countersign.1', party: 'lawyer', answer: 'agree' })
  await until(handle, 'check.1')
  await give(handle, 'kac-staff-1', { type: 'complete', task: 'check.1', outcome: 'fine' })
}

/** Waits until a step that follows from the machine's work is open. */
async function until(handle: Handle, task: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    // Until it is planned nobody is asked yet.
    const { status } = (await state(handle)).tasks[task] ?? {}
    if (status !== undefined && status !== 'undispatched') return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${task} did not open`)
}

const state = (handle: Handle) => client.workflow.getHandle(handle.workflowId).query(orderQuery)

/** Its workflow, started again from the record. */
function revived({ workflowId }: Handle, taskQueue = queue): Promise<Handle> {
  const snapshot = JSON.parse(JSON.stringify(records.get(workflowId)!.state))
  return client.workflow.start('sample', { workflowId, taskQueue, args: [{ id: workflowId, snapshot, started: [] }] })
}

/** Every run of an order replays. */
async function replays(handle: Handle): Promise<number> {
  let runs = 0
  const latest = await client.workflow.getHandle(handle.workflowId).fetchHistory()
  let runId = latest.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? undefined
  for (; runId; runs++) {
    const history = await client.workflow.getHandle(handle.workflowId, runId).fetchHistory()
    await Worker.runReplayHistory({ workflowBundle: bundle, replayName: `${handle.workflowId}-${runs}` }, history, handle.workflowId)
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined
  }
  return runs
}

describe('an order in the engine', () => {
  it('runs to its end, and its record is its history', async () => {
    const handle = await start()
    await toEnd(handle)
    expect(await handle.result()).toBe('done')
    expect(records.get(handle.workflowId)?.state).toMatchObject({ status: 'closed', end: 'done' })
    expect(await replays(handle)).toBe(1)
  })

  it('goes on after each move in a new run', async () => {
    const handle = await start({ movesPerRun: 2 })
    await toEnd(handle)
    expect(await handle.result()).toBe('done')
    expect(await replays(handle)).toBeGreaterThan(3)
  })

  it('gives a repeated command its first answer, in the next run too', async () => {
    const handle = await start({ movesPerRun: 1 })
    const first = await give(handle, 'kac-staff-1', { type: 'accept', task: 'draft.1' }, 'key-1')
    await give(handle, 'kac-staff-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' }, 'key-2')
    const id = 'key-1'
    const again = await client.workflow
      .getHandle(handle.workflowId)
      .executeUpdate(act, { args: [{ id, type: 'accept', task: 'draft.1', actor: person('kac-staff-1') }], updateId: `${id}-repeated` })
    expect(again.order).toBe(first.order)
    expect(records.get(handle.workflowId)?.events.filter((event) => event.type === 'task-accepted')).toHaveLength(1)
  })

  it('refuses with a code, and the history keeps no trace', async () => {
    const handle = await start()
    const error = await give(handle, 'lawyer-1', { type: 'accept', task: 'draft.1' }).catch((e: unknown) => e)
    expect((error as Error).cause).toMatchObject({ type: 'NOT_ASSIGNEE' })
    const accepted = (await handle.fetchHistory()).events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)
    expect(accepted).toHaveLength(1) // that of the opening
  })

  it('lets one of twenty simultaneous commands through', async () => {
    const handle = await start()
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => give(handle, 'kac-staff-1', { type: 'accept', task: 'draft.1' })),
    )
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as Error).cause as ApplicationFailure] : [],
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(refused.every((failure) => failure.type === 'ALREADY_ACCEPTED')).toBe(true)
    expect(await replays(handle)).toBe(1)
  })

  it('fires every rung once and in order, and silence is an outcome given by the clock', async () => {
    const handle = await start()
    await step(handle, 'kac-staff-1', 'draft.1', 'drafted')
    await env.sleep('3 hours')
    const events = records.get(handle.workflowId)!.events
    const fired = (clock: string) =>
      events.flatMap((event) => (event.type === 'rung-fired' && event.data.clock === clock ? [event.data.pct] : []))
    expect(fired('work-a.1/complete')).toEqual([80, 100, 150, 200])
    expect(fired('work-b.1/complete')).toEqual([80, 100])
    expect(events.find((event) => event.type === 'task-completed' && event.data.outcome === 'silent')?.actor).toEqual({
      kind: 'clock',
      id: 'clock',
    })
    expect(Math.max(...events.flatMap((event) => (event.type === 'rung-fired' ? [event.data.late] : [])))).toBeLessThan(2000)
    expect(await replays(handle)).toBe(1)
  })

  it('retries what the machine failed at, and shows it', async () => {
    failures = 1
    const handle = await start()
    await toCountersign(handle)
    await give(handle, 'business-dept-1', { type: 'sign', task: 'countersign.1', party: 'business', answer: 'agree' })
    await give(handle, 'lawyer-1', { type: 'sign', task: 'countersign.1', party: 'lawyer', answer: 'agree' })
    await env.sleep('10 minutes')
    const types = records.get(handle.workflowId)!.events.map((event) => event.type)
    expect(types).toContain('automatic-failed')
    expect((await state(handle)).tasks['check.1']).toBeDefined()
    expect(await replays(handle)).toBe(1)
  })

  it('undoes what it did when it is withdrawn', async () => {
    const handle = await start()
    await step(handle, 'kac-staff-1', 'draft.1', 'drafted')
    const boss = { kind: 'person' as const, id: 'boss', roles: ['supervisor'] }
    const id = randomUUID()
    await client.workflow
      .getHandle(handle.workflowId)
      .executeUpdate(act, { args: [{ id, type: 'withdraw', reason: 'customer gone', actor: boss }], updateId: id })
    expect(await handle.result()).toBe('withdrawn')
    expect(undone).toContain('void-draft')
    expect(await replays(handle)).toBe(1)
  })

  it('records once though the answer is lost', async () => {
    const handle = await start()
    lostAnswers = 2
    await give(handle, 'kac-staff-1', { type: 'accept', task: 'draft.1' })
    const record = records.get(handle.workflowId)!
    expect(record.events.filter((event) => event.type === 'task-accepted')).toHaveLength(1)
    expect(record.state.hash).toBe((await state(handle)).hash)
  })

  it('stands where it stood when it is started again from the record', async () => {
    const handle = await start()
    await toCountersign(handle)
    await handle.terminate('lost')
    const snapshot = JSON.parse(JSON.stringify(records.get(handle.workflowId)!.state))
    const args: StartArgs = { id: handle.workflowId, snapshot, started: [] }
    const again = await client.workflow.start('sample', { workflowId: handle.workflowId, taskQueue: queue, args: [args] })
    await give(again, 'business-dept-1', { type: 'sign', task: 'countersign.1', party: 'business', answer: 'agree' })
    await give(again, 'lawyer-1', { type: 'sign', task: 'countersign.1', party: 'lawyer', answer: 'agree' })
    await until(again, 'check.1')
    await give(again, 'kac-staff-1', { type: 'complete', task: 'check.1', outcome: 'fine' })
    expect(await again.result()).toBe('done')
    expect(await replays(again)).toBe(1)
  })

  it('stops with both sides named when the body stands elsewhere than the journal says, and goes on from the record once it fits', async () => {
    const handle = await start()
    await step(handle, 'kac-staff-1', 'draft.1', 'drafted')
    await handle.terminate('lost')
    const record = records.get(handle.workflowId)!
    const snapshot = { ...record.state, journal: [{ step: 'check', n: 1, outcome: 'fine', at: 1 }] }
    const again = await client.workflow.start('sample', {
      workflowId: handle.workflowId,
      taskQueue: queue,
      args: [{ id: handle.workflowId, snapshot, started: [] }],
    })
    const refused = await give(again, 'maintenance-dept-1', { type: 'accept', task: 'work-a.1' }).catch((e: unknown) => e)
    expect((refused as Error).cause).toMatchObject({ type: 'ORDER_STOPPED' })
    expect((await state(again)).stopped).toMatchObject({ code: 'JOURNAL_MISMATCH', message: expect.stringContaining('check.1') })
    await again.terminate()

    // The record never had the journal that did not fit.
    const stopped = JSON.parse(JSON.stringify(record.state))
    expect(stopped.status).toBe('stopped')
    const fits = await client.workflow.start('sample', {
      workflowId: handle.workflowId,
      taskQueue: queue,
      args: [{ id: handle.workflowId, snapshot: stopped, started: [] }],
    })
    await give(fits, 'maintenance-dept-1', { type: 'accept', task: 'work-a.1' })
    expect(record.events.map(({ type }) => type).slice(-3)).toEqual(['order-stopped', 'order-resumed', 'task-accepted'])
    expect(await replays(fits)).toBe(1)
    await fits.terminate()
  })

  it('stops where its body throws, and goes on from the record with one that does not', async () => {
    const old = `${queue}-broken`
    const brokenBundle = await bundleWorkflowCode({ workflowsPath: brokenPath, logger: quiet })
    const before = await Worker.create({ connection: env.nativeConnection, taskQueue: old, workflowBundle: brokenBundle, activities })
    const [late, early] = await before.runUntil(async () => {
      const first = await start(undefined, old, { early: true })
      const handle = await start(undefined, old)
      await step(handle, 'kac-staff-1', 'draft.1', 'drafted')
      for (const { workflowId } of [first, handle])
        expect(records.get(workflowId)!.state).toMatchObject({ status: 'stopped', stopped: { code: 'BODY_FAILED' } })
      await env.sleep('50 minutes')
      const refused = await give(handle, 'maintenance-dept-1', { type: 'accept', task: 'work-a.1' }).catch((e: unknown) => e)
      expect((refused as Error).cause).toMatchObject({ type: 'ORDER_STOPPED' })
      // A new run with the code that throws leaves it as it was.
      await handle.terminate('to be tried again')
      const again = await revived(handle, old)
      expect((await state(again)).stopped?.message).toBe('no site of that name')
      expect(records.get(handle.workflowId)!.events.at(-1)!.type).toBe('task-offered')
      for (const { workflowId } of [first, again]) await client.workflow.getHandle(workflowId).terminate('lost')
      return [handle, first]
    })
    const again = await revived(late)
    await give(again, 'maintenance-dept-1', { type: 'accept', task: 'work-a.1' })
    const { events } = records.get(late.workflowId)!
    const resumed = events.findIndex(({ type }) => type === 'order-resumed')
    expect(events[resumed + 1]).toMatchObject({ type: 'task-opened', data: { task: 'work-b.1' } })
    await give(again, 'maintenance-dept-1', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    const fired = events.flatMap((event) => (event.type === 'rung-fired' && event.data.clock === 'work-a.1/complete' ? [event.data] : []))
    expect(fired.map(({ pct }) => pct)).toEqual([80, 100, 150])
    expect(fired[0]!.late).toBeGreaterThan(20 * 60_000)
    expect((await state(again)).undo).toMatchObject([{ effect: 'void-draft' }])
    expect(await replays(again)).toBe(1)
    await again.terminate()

    // Last: while an end is waited for, the clock of this server jumps, and would bring the rungs of the other.
    const opening = await revived(early)
    await step(opening, 'kac-staff-1', 'draft.1', 'drop')
    expect(await opening.result()).toBe('dropped')
    expect(await replays(opening)).toBe(1)
  })

  it('continues as another order, linked, when its end says so', async () => {
    const handle = await start()
    await step(handle, 'kac-staff-1', 'draft.1', 'move')
    expect(await handle.result()).toBe('moved')
    const next = client.workflow.getHandle(`${handle.workflowId}.c`)
    expect(await next.query(orderQuery)).toMatchObject({ continuedFrom: handle.workflowId, status: 'open' })
    await next.terminate()
  })

  it('keeps what is asked for over a new run and a lost engine, until it is answered', async () => {
    const handle = await start({ movesPerRun: 1 })
    await step(handle, 'kac-staff-1', 'draft.1', 'drafted')
    await give(handle, 'maintenance-dept-1', { type: 'accept', task: 'work-a.1' })
    const ask = { type: 'ask-extension', task: 'work-a.1', clock: 'work-a.1/complete', by: 600_000, reason: 'rain' } as const
    await give(handle, 'maintenance-dept-1', ask)
    await give(handle, 'kac-staff-1', { type: 'urge' })
    await handle.terminate('lost')
    const again = await revived(handle)
    const asked = await state(again)
    expect(asked.tasks['work-a.1']?.extensionAsked).toEqual({
      clock: 'work-a.1/complete',
      more: 600_000,
      reason: 'rain',
      by: 'maintenance-dept-1',
    })
    await give(again, 'supervisor-1', { type: 'grant-extension', task: 'work-a.1' })
    const granted = await state(again)
    expect(granted.tasks['work-a.1']?.extensionAsked).toBeUndefined()
    expect(granted.clocks['work-a.1/complete']!.due).toBe(asked.clocks['work-a.1/complete']!.due + 600_000)
    await step(again, 'finance-dept-1', 'work-b.1', 'done')
    await give(again, 'maintenance-dept-1', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    expect(await replays(again)).toBeGreaterThan(0)
    await again.terminate()
  })
})
