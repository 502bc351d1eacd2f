import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { EngineDown, EngineLate } from '../../../api/engine-errors.ts'
import { Problem } from '../../../api/problem.ts'
import { Refusal } from '../../../domain/order/refusal.ts'
import { specs } from '../../../domain/processes/index.ts'
import { customerRows } from '../../../prisma/seed/customers.ts'
import { products } from '../../../prisma/seed/products.ts'
import { counties } from '../../../prisma/seed/regions.ts'
import { type ImportRecord, prepareImport, runImport } from '../../../cli/import/import-faults.ts'
import { defaultMapping, readMapping } from '../../../cli/import/mapping.ts'
import type { Plan, Reference } from '../../../cli/import/plan.ts'
import { createProgress, duration } from '../../../cli/import/progress.ts'
import { writeRejects } from '../../../cli/import/rejects.ts'
import { OutOfReach, type Start } from '../../../cli/import/start-all.ts'
import { previewLines, summaryLines } from '../../../cli/import/summary.ts'
import { goodFiles, writeList } from './list.ts'

const mapping = readMapping(defaultMapping)

const reference: Reference = {
  counties,
  customers: customerRows().map((row) => ({
    id: String(row.id),
    no: String(row.no),
    grade: String(row.grade),
    region: String(row.region_path),
    contract: null,
  })),
  products: products.map(({ id, group }) => ({ id, group })),
}

/** A record and an engine in memory: what was started stays, whoever asked for it and whether or not they heard the answer. */
class World {
  readonly orders = new Map<string, string>()
  readonly notes = new Map<string, string>()
  readonly keys = new Map<string, string>()
  readonly running = new Set<string>()
  most = 0
  attempts = 0
  /** Called before an order starts. */
  before: (plan: Plan, attempt: number) => void | Promise<void> = () => {}
  /** Called after it has started, before the answer. */
  after: (plan: Plan) => void | Promise<void> = () => {}

  readonly record: ImportRecord = {
    reference: () => Promise.resolve(reference),
    known: () => Promise.resolve(new Map(this.orders)),
    ensurePlaces: (places) =>
      Promise.resolve({
        sites: new Set(places.map(({ site }) => site.id)).size,
        services: new Set(places.map(({ service }) => service.id)).size,
      }),
    noteStarted: async (rows) => {
      for (const { no } of rows) this.notes.set(no, 'started')
    },
    noteRejected: async (rejects) => {
      for (const { id, reason } of rejects) if (this.notes.get(id) !== 'started') this.notes.set(id, reason)
    },
  }

  readonly start: Start = async (plan, key) => {
    const { id } = plan.fault
    this.running.add(id)
    this.most = Math.max(this.most, this.running.size)
    try {
      await this.before(plan, ++this.attempts)
      await new Promise((resolve) => setImmediate(resolve))
      const first = this.keys.get(id)
      if (first === undefined) this.keys.set(id, key)
      this.orders.set(id, `order-${id}`)
      await this.after(plan)
      return { order: `order-${id}`, existing: first !== undefined && first !== key }
    } finally {
      this.running.delete(id)
    }
  }

  async import(
    folder: string,
    {
      run = 'run',
      limit,
      stop = new AbortController().signal,
      onProgress,
      patience = 50,
    }: Partial<{ run: string; limit: number; stop: AbortSignal; onProgress: (done: number) => void; patience: number }> = {},
  ) {
    const prepared = await prepareImport({ folder, mapping, specs: Object.values(specs), record: this.record, now: 1, limit })
    return runImport(prepared, { record: this.record, start: this.start, run, concurrency: 16, stop, onProgress, patience })
  }
}

describe('an import', () => {
  it('starts every fault once, a bounded number at a time, and a second run starts none', async () => {
    const world = new World()
    const folder = writeList(goodFiles(400))
    expect(await world.import(folder)).toMatchObject({ read: 400, started: 400, existing: 0, rejected: 0, left: 0 })
    expect(world.most).toBe(16)
    expect(world.notes.size).toBe(400)
    expect(await world.import(folder, { run: 'again' })).toMatchObject({ read: 400, started: 0, existing: 400, left: 0, sites: 0 })
    expect(world.attempts).toBe(400)
  })

  it('stops at the limit', async () => {
    const world = new World()
    const folder = writeList(goodFiles(30))
    expect(await world.import(folder, { limit: 10 })).toMatchObject({ started: 10, left: 20 })
    expect(await world.import(folder, { limit: 10 })).toMatchObject({ started: 10, existing: 10, left: 10 })
    expect(world.orders.size).toBe(20)
  })

  it('finishes what is in flight when it is stopped, and goes on the next time', async () => {
    const world = new World()
    const folder = writeList(goodFiles(200))
    const controller = new AbortController()
    const first = await world.import(folder, { stop: controller.signal, onProgress: (done) => done === 50 && controller.abort() })
    expect(first.started).toBe(world.orders.size)
    expect(first.started).toBeGreaterThanOrEqual(50)
    expect(first.started).toBeLessThanOrEqual(66)
    expect(first.left).toBe(200 - first.started)
    expect(first.failure).toBeUndefined()
    expect(world.notes.size).toBe(first.started)
    expect(await world.import(folder)).toMatchObject({ started: 200 - first.started, existing: first.started, left: 0 })
    expect(world.orders.size).toBe(200)
  })

  it('ends with every order once after being killed: nothing was noted, and some answers were never heard', async () => {
    const world = new World()
    const folder = writeList(goodFiles(120))
    // The first run dies without a word: its requests are on their way, and nothing of what it knew is kept.
    const prepared = await prepareImport({ folder, mapping, specs: Object.values(specs), record: world.record, now: 1 })
    for (const plan of prepared.todo.slice(0, 70)) await world.start(plan, `killed-${plan.fault.id}`)
    expect(world.notes.size).toBe(0)
    // Two that the killed run had asked for come true while the second runs.
    world.before = ({ fault: { id } }) => {
      if (id === '100' || id === '101') world.keys.set(id, `killed-${id}`)
    }
    expect(await world.import(folder, { run: 'second' })).toMatchObject({ read: 120, started: 48, existing: 72, rejected: 0, left: 0 })
    expect(world.orders.size).toBe(120)
    expect([...world.notes.values()].every((note) => note === 'started')).toBe(true)
    expect(world.notes.size).toBe(120)
  })

  it('tries again what passes by itself, with the same key', async () => {
    const world = new World()
    const heard = new Set<string>()
    world.after = ({ fault: { id } }) => {
      if (id === '5' && !heard.has(id)) {
        heard.add(id)
        throw new EngineLate(new Error('deadline'))
      }
    }
    world.before = ({ fault: { id } }) => {
      if (id === '7' && !heard.has(id)) {
        heard.add(id)
        throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
      }
    }
    expect(await world.import(writeList(goodFiles(20)), { patience: 5_000 })).toMatchObject({ started: 20, existing: 0, rejected: 0 })
    expect(world.attempts).toBe(22)
  })

  it('gives up when the engine stays away, keeps what it has, and says what to do', async () => {
    const world = new World()
    const folder = writeList(goodFiles(100))
    world.before = (_, attempt) => {
      if (attempt > 40) throw new EngineDown(new Error('no route'))
    }
    const summary = await world.import(folder)
    expect(summary.failure).toBeInstanceOf(OutOfReach)
    expect(summary).toMatchObject({ started: 40, left: 60, rejected: 0 })
    expect(world.notes.size).toBe(40)
    expect(summaryLines(summary, { rejects: 'r.csv', seconds: 2, stopped: false })).toEqual([
      'read 100, started 40, already there 0, rejected 0, left 60, in 2 s (20.0/s)',
      expect.stringMatching(/^created \d+ sites and \d+ services$/),
      expect.stringMatching(/^Ended early: .*Are the servers and a worker running \(npm start\)\?$/),
      'Run the same command again: it goes on with what is left.',
    ])
    world.before = () => {}
    expect(await world.import(folder)).toMatchObject({ started: 60, existing: 40, left: 0 })
  })

  it('ends on an error of our own, without hiding it', async () => {
    const world = new World()
    world.before = ({ fault: { id } }) => {
      if (id === '3') throw new TypeError('x is not a function')
    }
    const summary = await world.import(writeList(goodFiles(5)))
    expect(summary.failure).toBeInstanceOf(TypeError)
  })

  it('rejects what the door refuses, with the code and the field, and goes on', async () => {
    const world = new World()
    const folder = writeList(goodFiles(6))
    world.before = ({ fault: { id } }) => {
      if (id === '2')
        throw new Problem('UNKNOWN_REFERENCE', { field: 'input.service', says: { zh: '业务 L2 已终止', en: 'service L2 has ended' } })
      if (id === '4') throw new Refusal('FORM_INVALID', { field: 'input.symptom', says: { zh: '必填', en: 'required' } })
    }
    const summary = await world.import(folder)
    expect(summary).toMatchObject({ started: 4, rejected: 2, left: 0 })
    expect(summary.rejects).toEqual([
      { file: 'train.csv', line: 3, id: '2', reason: 'UNKNOWN_REFERENCE: input.service: service L2 has ended' },
      { file: 'train.csv', line: 5, id: '4', reason: 'FORM_INVALID: input.symptom: required' },
    ])
    expect(world.notes.get('2')).toBe('UNKNOWN_REFERENCE: input.service: service L2 has ended')
  })

  it('imports what was rejected once it is corrected', async () => {
    const world = new World()
    const files = goodFiles(3)
    files.severity_type[1] = '2,severity_type 9'
    expect(await world.import(writeList(files))).toMatchObject({ started: 2, rejected: 1, left: 0 })
    expect(world.notes.get('2')).toMatch(/unknown severity_type/)
    expect(await world.import(writeList(goodFiles(3)))).toMatchObject({ started: 1, existing: 2, rejected: 0 })
    expect(world.notes.get('2')).toBe('started')
  })
})

describe('the rejects file', () => {
  it('is a CSV in the order of files and lines, safe for spreadsheets', () => {
    const file = join(writeList(goodFiles(0)), 'rejects.csv')
    writeRejects(file, [
      { file: 'train.csv', line: 10, id: '=cmd()', reason: 'id "=cmd()" is, well, odd' },
      { file: 'train.csv', line: 9, id: '9', reason: 'plain' },
      { file: 'event_type.csv', line: 400, id: '7', reason: 'first' },
    ])
    expect(parse(readFileSync(file, 'utf8'))).toEqual([
      ['file', 'line', 'id', 'reason'],
      ['event_type.csv', '400', '7', 'first'],
      ['train.csv', '9', '9', 'plain'],
      ['train.csv', '10', "'=cmd()", 'id "=cmd()" is, well, odd'],
    ])
    writeRejects(file, [])
    expect(existsSync(file)).toBe(false)
  })
})

describe('what is printed', () => {
  it('off a terminal, a line every five seconds and one at the end', () => {
    const lines: string[] = []
    let now = 0
    const out = { isTTY: false, write: (text: string) => lines.push(text) > 0 } as unknown as NodeJS.WriteStream
    const progress = createProgress(200, out, () => now)
    for (let done = 1; done <= 100; done++) {
      now += 125
      progress.update(done, done > 50 ? 1 : 0)
    }
    progress.stop()
    progress.stop()
    expect(lines).toEqual([
      '40/200 (20%)  8.0/s  20 s left  0 rejected\n',
      '80/200 (40%)  8.0/s  15 s left  1 rejected\n',
      '100/200 (50%)  8.0/s  13 s left  1 rejected\n',
    ])
  })

  it.each([
    [0.4, '0 s'],
    [59.4, '59 s'],
    [60, '1 min 0 s'],
    [200, '3 min 20 s'],
  ])('%s seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })

  it('of a dry run: how the orders spread, the first of them, and what is rejected', async () => {
    const world = new World()
    const files = goodFiles(12)
    files.train.push('x,location 1,0')
    const prepared = await prepareImport({ folder: writeList(files), mapping, specs: Object.values(specs), record: world.record, now: 1 })
    const text = previewLines(prepared, 2).join('\n')
    expect(text).toMatch(/^Nothing changed\. 12 orders would be started:/)
    expect(text).toMatch(/process +(fault-level-1|fault-level-2|graded-fault) 4, /)
    expect(text).toMatch(/county +\/cn\/js\/\w+\/\w+ 3, /)
    expect(text).toContain('Rejected: train.csv line 14: id "x" is not a whole number from 1')
    expect(world.orders.size).toBe(0)
  })
})
