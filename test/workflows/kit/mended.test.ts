/** An order whose body threw an error, and how it comes to go on with a body that does not. */
import { describe, expect, it } from 'vitest'
import type { CommandBody, Command } from '../../../domain/order/command.ts'
import type { OrderEvent } from '../../../domain/order/event.ts'
import { defineSpec } from '../../../domain/order/spec.ts'
import type { Fact } from '../../../domain/order/spec.ts'
import { judgeOrder } from '../../../workflows/kit/gate.ts'
import { GateReport } from '../../../workflows/kit/gate-report.ts'
import { type Input, Machine } from '../../../workflows/kit/machine.ts'
import { type Body, type Process, process } from '../../../workflows/kit/process.ts'
import { standsAsRecorded } from '../../../workflows/kit/stands.ts'
import { MemoryRecord } from '../../support/memory-record.ts'
import { sample, sampleSpec } from '../../support/sample.ts'

const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const MINUTE = 60_000
const bug = (message = "Cannot read properties of undefined (reading 'name')"): never => {
  throw new TypeError(message)
}

/** One order, its record, and the code that its workflow runs with. */
class Played {
  now = Date.UTC(2026, 5, 1)
  machine: Machine
  readonly record: MemoryRecord
  private commands = 0
  private readonly code: Process

  constructor(code: Process) {
    this.code = code
    this.record = new MemoryRecord('o', code.spec)
    this.machine = new Machine(code, 'o', drain)
  }

  get state() {
    return this.machine.state
  }

  /** Events of the move that the input led to. */
  async give(input: Input): Promise<readonly OrderEvent[]> {
    this.now += 1000
    return this.written(await this.machine.advance(input, this.now))
  }

  open(facts: Readonly<Record<string, Fact>> = {}) {
    const opened = { process: this.code.spec.id, customer: 'c1', title: 't', region: '/cn', priority: 3, facts }
    return this.give({ kind: 'open', opened, actor: { kind: 'person', id: 'starter' } })
  }

  act(by: string, body: CommandBody) {
    const actor = { kind: 'person' as const, id: by, roles: [by.replace(/-\d$/, '')] }
    return this.give({ kind: 'command', command: { ...body, id: `k${++this.commands}`, actor } as Command })
  }

  async step(by: string, task: string, outcome: string) {
    await this.act(by, { type: 'accept', task })
    return this.act(by, { type: 'complete', task, outcome })
  }

  /** A new run of its workflow, from the record. */
  async run(code: Process): Promise<readonly OrderEvent[]> {
    this.machine = new Machine(code, JSON.parse(JSON.stringify(this.record.state)), drain)
    return this.written(await this.machine.fastForward(this.now))
  }

  private written(move: Awaited<ReturnType<Machine['advance']>>): readonly OrderEvent[] {
    if (!move) return []
    const before = this.record.events.length
    this.machine.planned(this.record.record(move))
    expect(this.machine.state).toEqual(this.record.state)
    return this.record.events.slice(before)
  }
}

const own = (events: readonly OrderEvent[]) =>
  events
    .filter(({ actor }) => actor.id !== 'planner')
    .map((event) => ('task' in event.data ? `${event.type} ${event.data.task}` : event.type))

const after = (body: Body<typeof sampleSpec>): Process => process(sampleSpec, body)

/** Threw once the draft was there, after it had asked for what a withdrawal is to undo. */
const broken = after(async (order) => {
  await order.step('draft')
  order.undo('void-draft')
  return bug()
})

/** Threw with one of two steps open. */
const half = after(async (order) => {
  await order.step('draft')
  order.undo('void-draft')
  await Promise.all([order.step('work-a'), Promise.resolve().then(() => bug())])
  return 'done'
})

async function drafted(code: Process): Promise<Played> {
  const order = new Played(code)
  await order.open()
  await order.step('kac-staff-1', 'draft.1', 'drafted')
  expect(order.state).toMatchObject({ status: 'stopped', stopped: { code: 'BODY_FAILED' } })
  return order
}

describe('an order whose body threw', () => {
  it('is opened what comes next, in the move in which it goes on, and comes to its end', async () => {
    const order = await drafted(broken)
    expect(order.state).toMatchObject({ tasks: {}, undo: [{ effect: 'void-draft' }] })
    expect(await standsAsRecorded(sample, order.state, drain)).toBeUndefined()
    const events = await order.run(sample)
    expect(own(events)).toEqual(['order-resumed', 'task-opened work-a.1', 'task-opened work-b.1'])
    expect(order.state).toMatchObject({ status: 'open', stopped: undefined, undo: [{ effect: 'void-draft' }] })
    expect(order.state.tasks).toMatchObject({ 'work-a.1': { status: 'offered' }, 'work-b.1': { status: 'offered' } })
    expect(await standsAsRecorded(sample, order.state, drain)).toBeUndefined()
    // The next run finds nothing to mend.
    expect(await order.run(sample)).toEqual([])
    await order.step('maintenance-dept-1', 'work-a.1', 'done')
    await order.step('finance-dept-1', 'work-b.1', 'done')
    await order.act('business-dept-1', { type: 'sign', task: 'countersign.1', party: 'business', answer: 'agree' })
    await order.act('lawyer-1', { type: 'sign', task: 'countersign.1', party: 'lawyer', answer: 'agree' })
    await order.give({ kind: 'automatic-done', task: 'register.1', result: { outcome: 'registered' } })
    await order.act('kac-staff-1', { type: 'complete', task: 'check.1', outcome: 'fine' })
    expect(order.state).toMatchObject({ status: 'closed', end: 'done' })
    expect(await standsAsRecorded(sample, order.state, drain)).toBeUndefined()
  })

  it('goes on though it threw in its very first step', async () => {
    const order = new Played(after(() => Promise.resolve().then(() => bug())))
    expect(own(await order.open())).toEqual(['order-opened', 'order-stopped'])
    expect(await judgeOrder(sample, order.state, drain)).toMatchObject({ fit: 'goes-on', opens: ['draft.1'] })
    expect(own(await order.run(sample))).toEqual(['order-resumed', 'task-opened draft.1'])
    expect(own(await order.step('kac-staff-1', 'draft.1', 'drop'))).toContain('order-closed')
    expect(order.state.end).toBe('dropped')
  })

  it('keeps what is open as it stands, and its limits; rungs that came due fire once, with their lateness', async () => {
    const order = await drafted(half)
    const { tasks, clocks } = order.state
    expect(Object.keys(tasks)).toEqual(['work-a.1'])
    expect(tasks['work-a.1']!.status).toBe('offered')
    order.now += 50 * MINUTE
    expect(await order.give({ kind: 'tick' })).toEqual([])
    expect(own(await order.run(sample))).toEqual(['order-resumed', 'task-opened work-b.1'])
    expect(order.state.tasks['work-a.1']).toEqual(tasks['work-a.1'])
    expect(order.state.clocks['work-a.1/complete']).toEqual(clocks['work-a.1/complete'])
    const fired = (await order.give({ kind: 'tick' })).flatMap((event) => (event.type === 'rung-fired' ? [event.data] : []))
    const ofWork = fired.filter(({ clock }) => clock === 'work-a.1/complete')
    expect(ofWork.map(({ pct }) => pct)).toEqual([80, 100, 150])
    for (const { due, late } of ofWork) expect(late).toBe(order.now - due)
    expect(ofWork.every(({ late }) => late > 0)).toBe(true)
    expect((await order.give({ kind: 'tick' })).filter(({ type }) => type === 'rung-fired')).toEqual([])
  })

  it('ends where that is what comes next, and gives up what a branch that lost had open', async () => {
    const race = (decided: () => 'done') =>
      after(async (order) => {
        await order.first(
          async (branch) => {
            await branch.step('work-a')
            return decided()
          },
          (branch) => branch.step('work-b'),
        )
        await order.step('check')
        return 'done'
      })
    const order = new Played(race(() => bug()))
    await order.open()
    await order.step('maintenance-dept-1', 'work-a.1', 'done')
    expect(Object.keys(order.state.tasks)).toEqual(['work-b.1'])
    const ending = after(async (body) => {
      await Promise.race([body.step('work-a'), body.step('work-b')])
      return 'done'
    })
    expect(await judgeOrder(ending, order.state, drain)).toMatchObject({ fit: 'goes-on' })
    expect(own(await order.run(race(() => 'done')))).toEqual(['order-resumed', 'task-cancelled work-b.1', 'task-opened check.1'])

    const other = new Played(race(() => bug()))
    await other.open()
    await other.step('maintenance-dept-1', 'work-a.1', 'done')
    expect(own(await other.run(ending))).toEqual(['order-resumed', 'task-cancelled work-b.1', 'order-closed'])
    expect(other.state).toMatchObject({ status: 'closed', end: 'done' })
  })

  it('stays stopped while it throws or the journal does not fit, says why when that is another reason, and goes on later', async () => {
    const order = await drafted(half)
    const { message } = order.state.stopped!
    expect(await order.run(half)).toEqual([])
    expect(await judgeOrder(half, order.state, drain)).toEqual({ fit: 'stays', why: message })

    const elsewhere = after(async (body) => {
      await body.step('draft')
      await body.step('check')
      return 'done'
    })
    const mismatch = 'the body waits for check.1, but the state says work-a.1 is open'
    expect(await order.run(elsewhere)).toMatchObject([{ type: 'order-stopped', data: { code: 'BODY_FAILED', message: mismatch } }])
    expect(await order.run(elsewhere)).toEqual([])
    expect(await judgeOrder(elsewhere, order.state, drain)).toEqual({ fit: 'stays', why: mismatch })
    await expect(order.act('kac-staff-1', { type: 'comment', text: 'what now' })).rejects.toMatchObject({ code: 'ORDER_STOPPED' })

    // A step beside one that it has passed: it would have been open all the time.
    const inserted = after(async (body) => {
      await Promise.all([body.step('draft'), body.step('check')])
      return 'done'
    })
    expect((await judgeOrder(inserted, order.state, drain)).why).toMatch(/^the body waits for check\.1, but/)

    const misspelt = after(async (body) => {
      await body.step('draft')
      await Promise.all([body.step('work-a'), body.step('work-c' as 'work-b')])
      return 'done'
    })
    expect(await order.run(misspelt)).toMatchObject([{ type: 'order-stopped', data: { message: 'sample has no step work-c' } }])
    expect(Object.keys(order.state.tasks)).toEqual(['work-a.1'])

    expect(own(await order.run(sample))).toEqual(['order-resumed', 'task-opened work-b.1'])
  })

  it('may throw again further on, and goes on again', async () => {
    const order = await drafted(broken)
    const again = after(async (body) => {
      await body.step('draft')
      body.undo('void-draft')
      await Promise.all([body.step('work-a'), body.step('work-b')])
      body.undo('void-draft')
      return bug('once more')
    })
    await order.run(again)
    await order.step('maintenance-dept-1', 'work-a.1', 'done')
    await order.step('finance-dept-1', 'work-b.1', 'done')
    expect(order.state.stopped).toEqual({ code: 'BODY_FAILED', message: 'once more' })
    expect(order.state.undo.map(({ j }) => j)).toEqual([0, 2])
    // The same effect, asked for a third time where the order stands, is the second of the record; what is new is added.
    const mended = after(async (body) => {
      await body.step('draft')
      body.undo('void-draft')
      await Promise.all([body.step('work-a'), body.step('work-b')])
      body.undo('void-draft')
      body.undo('free-line', { line: 'a' })
      await body.step('check')
      return 'done'
    })
    expect(own(await order.run(mended))).toEqual(['order-resumed', 'undo-added', 'task-opened check.1'])
    expect(order.state.undo.map(({ effect }) => effect)).toEqual(['void-draft', 'void-draft', 'free-line'])
  })

  it('does not keep to be undone what an outcome of the same move has settled', async () => {
    const { check } = sampleSpec.steps
    const outcomes = { ...check.outcomes, fine: { ...check.outcomes.fine, settles: ['void-draft'] } }
    const spec = defineSpec({
      ...sampleSpec,
      steps: { ...sampleSpec.steps, check: { ...check, outcomes, onlyWhen: { any: [{ checked: true }], otherwise: 'fine' } } },
    })
    const body = (last: () => Promise<'done'>) =>
      process(spec, async (order) => {
        await order.step('draft')
        order.undo('void-draft')
        await order.step('check')
        await order.step('work-a')
        return last()
      })
    const failing = process(spec, async (order) => {
      await order.step('draft')
      order.undo('void-draft')
      await order.step('check')
      return bug()
    })
    const order = await drafted(failing)
    expect(order.state).toMatchObject({ journal: [{ step: 'draft' }, { step: 'check', outcome: 'fine' }], undo: [] })
    expect(own(await order.run(body(() => Promise.resolve('done'))))).toEqual(['order-resumed', 'task-opened work-a.1'])
    expect(order.state.undo).toEqual([])
  })

  it('opens steps that a rule answers at once, and what follows from them, in the same move', async () => {
    const { check } = sampleSpec.steps
    const spec = defineSpec({
      ...sampleSpec,
      steps: { ...sampleSpec.steps, check: { ...check, onlyWhen: { any: [{ checked: true }], otherwise: 'fine' } } },
    })
    const order = await drafted(process(spec, async (body) => bug(await body.step('draft'))))
    const mended = process(spec, async (body) => {
      await body.step('draft')
      await body.step('check')
      await body.step('work-a')
      return 'done'
    })
    expect(own(await order.run(mended))).toEqual(['order-resumed', 'task-opened check.1', 'task-completed check.1', 'task-opened work-a.1'])
    expect(await order.run(mended)).toEqual([])
  })

  it('starts no child twice, and takes the end of one that came meanwhile', async () => {
    const withChild = (last: (end: string) => Promise<'done'>, beside: () => Promise<unknown>) =>
      after(async (order) => {
        await order.step('draft')
        const [end] = await Promise.all([order.child('sample', { key: 'x' }), beside()])
        return last(end)
      })
    const order = await drafted(
      withChild(
        () => Promise.resolve('done'),
        () => Promise.resolve().then(() => bug()),
      ),
    )
    expect(order.state.children).toMatchObject({ 'o.x': { waits: true } })
    const ended = { kind: 'child-ended', child: 'o.x', end: 'done' } as const
    expect(await order.give(ended)).toEqual([])
    const mended = withChild(
      () => Promise.resolve('done'),
      () => Promise.resolve(),
    )
    expect(own(await order.run(mended))).toEqual(['order-resumed'])
    expect(own(await order.give(ended))).toEqual(['child-ended', 'order-closed'])
  })

  it('goes on after an amendment, with which the body started over', async () => {
    const spec = defineSpec({ ...sampleSpec, input: { wish: { title: sampleSpec.title, type: 'text' } }, amend: { wish: 'work-a' } })
    const body = (fails: boolean) =>
      process(spec, async (order) => {
        await order.step('draft')
        if (fails) await Promise.all([order.step('work-b'), Promise.resolve().then(() => bug())])
        await Promise.all([order.step('work-a'), order.step('work-b')])
        return 'done'
      })
    const order = new Played(body(false))
    await order.open({ wish: 'a' })
    await order.step('kac-staff-1', 'draft.1', 'drafted')
    // The code with the error is deployed while the order runs: it throws as it starts over.
    const machine = new Machine(body(true), JSON.parse(JSON.stringify(order.state)), drain)
    order.machine = machine
    const amended = await order.act('supervisor-1', { type: 'amend', facts: { wish: 'b' }, reason: 'asked' })
    expect(own(amended).at(-1)).toBe('order-stopped')
    expect(Object.keys(order.state.tasks)).toEqual(['work-b.2'])
    expect(own(await order.run(body(false)))).toEqual(['order-resumed', 'task-opened work-a.2'])
    expect(await order.run(body(false))).toEqual([])
  })
})

describe('the gate', () => {
  it('lists which of the stopped orders would go on and which stay, and keeps no deploy back for them', async () => {
    const failed = await drafted(broken)
    const open = new Played(sample)
    await open.open()
    await open.step('kac-staff-1', 'draft.1', 'drafted')
    const mismatch = { ...open.state, status: 'stopped' as const, stopped: { code: 'JOURNAL_MISMATCH', message: 'x' } }
    const judged = async (code: Process | undefined) => {
      const report = new GateReport()
      for (const [id, state] of Object.entries({ failed: failed.state, mismatch }))
        report.add(id, state.process, await judgeOrder(code, state, drain))
      return report
    }
    const mended = await judged(sample)
    expect(mended.byFit).toEqual({ stands: 0, moved: 0, refused: 0, 'goes-on': 2, stays: 0 })
    expect(mended.passed).toEqual(['failed', 'mismatch'])
    expect(mended.table().map(({ fit, why }) => [fit, why])).toEqual([
      [
        'goes-on',
        expect.stringMatching(/^failed: stopped with BODY_FAILED \(Cannot read .*\), it would go on, and open work-a\.1, work-b\.1$/),
      ],
    ])
    const still = await judged(broken)
    expect(still.byFit).toMatchObject({ stands: 0, moved: 0, refused: 0, 'goes-on': 0, stays: 2 })
    expect(still.passed).toEqual([])
    expect((await judged(undefined)).byFit.stays).toBe(2)
    const { draft: _, ...steps } = sampleSpec.steps
    expect((await judged({ spec: { ...sampleSpec, steps }, body: sample.body })).byFit.stays).toBe(2)
  })
})
