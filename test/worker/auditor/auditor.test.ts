/**
 * The engine's part of a verification, on real servers: histories are replayed and held against the record, stored when an order ends,
 * and looked at again once the engine has forgotten them.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, inject } from 'vitest'
import { chainHash } from '../../../domain/order/hash.ts'
import { eventOf } from '../../../domain/order/verify/kept.ts'
import { ERASED } from '../../../domain/order/sealed.ts'
import { erasePersonal, unsealAll } from '../../../prisma/personal.ts'
import { keptOrders } from '../../../prisma/verification/kept.ts'
import type { KeptVerdict } from '../../../prisma/verification/verdicts.ts'
import { archiveDue } from '../../../worker/auditor/archive.ts'
import { type AuditorDeps, codeOf, replayDue, storeCode } from '../../../worker/auditor/index.ts'
import { fetchRuns, type Run } from '../../../worker/auditor/history.ts'
import { movesSince } from '../../../worker/engine/histories.ts'
import { begin, doStep, openWorld, someService, until, verify, type World } from '../../support/world.ts'

let world: World
let deps: AuditorDeps

const sql = (text: string, values: unknown[] = []) => world.db.pool.query(text, values)
const later = () => new Date(Date.now() + 3_600_000)

beforeAll(async () => {
  world = await openWorld({ movesPerRun: 2 })
  const code = await codeOf({ codePath: inject('bundlePath') }, '0.0.0-test')
  deps = { pool: world.db.pool, client: world.client, code, logger: pino({ level: 'silent' }), anchors: { folder: '/nowhere' } }
})
afterAll(() => world.close())

/** With the keys of the database everything can be changed. */
async function tamper(work: (query: typeof sql) => Promise<void>): Promise<void> {
  const client = await world.db.pool.connect()
  const tables = ['order_event', 'history_archive']
  try {
    for (const table of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
    await work((text, values) => client.query(text, values))
    for (const table of tables) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
  } finally {
    client.release()
  }
}

/** Asked for over HTTP, replayed by the worker, read at its Location. */
async function verdictOn(order: string): Promise<KeptVerdict> {
  const asked = await world.as(await auditorId()).post<KeptVerdict>(`/orders/${order}/verifications`, {})
  expect([asked.status, asked.body]).toMatchObject([202, { order, engine: null }])
  const path = asked.headers.get('location')!.replace('/api/v1', '')
  expect(asked.headers.get('retry-after')).toBe('1')
  expect(await replayDue(deps, later())).toBeGreaterThan(0)
  const { status, body } = await world.as(await auditorId()).get<KeptVerdict>(path)
  expect(status).toBe(200)
  return body
}

const auditorId = async () =>
  (await sql(`SELECT staff_id FROM staff_role WHERE role = 'auditor' ORDER BY staff_id LIMIT 1`)).rows[0].staff_id as string

async function say(order: string, text: string): Promise<void> {
  const by = world.as((await someService(world)).reporter)
  expect((await by.command(order, { type: 'comment', text })).status).toBe(200)
}

/** A fault that turns out to be none of level 1, after a word or two: three runs at two moves a run. */
async function endedOrder(): Promise<string> {
  const order = await begin(world, 'fault-level-1')
  for (const text of ['first', 'second', 'third']) await say(order, text)
  await doStep(world, order, 'report-fault', 'not-level-1')
  await until(world, order, (state) => state.status === 'closed', 'it ends')
  return order
}

async function archived(order: string): Promise<void> {
  await until(world, order, (state) => state.status === 'closed', 'it ends')
  await world.client.workflow.getHandle(order).result()
  await archiveDue(deps, later())
}

const stateOf = async (order: string) =>
  (await sql('SELECT state, attempts, error FROM archive_state WHERE order_id = $1', [order])).rows[0]

describe('an open order', () => {
  it('is what the engine’s history says, and the code makes the same moves again', async () => {
    const order = await begin(world, 'graded-fault')
    const verdict = await verdictOn(order)
    const { hash } = deps.code
    expect(verdict).toMatchObject({ ok: true, engine: { state: 'same', source: 'engine', events: verdict.events } })
    expect(verdict.engine!.codes).toEqual([{ bundle: hash, version: '0.0.0-test', today: true, same: true }])
  })

  it('is verified by the runs that there are where the engine has forgotten those before', async () => {
    const order = await begin(world, 'graded-fault')
    // An odd move, so that the run that goes on has made one.
    for (const text of ['first', 'second', 'third', 'fourth']) await say(order, text)
    const all = await movesSince(world.client, order, 0)
    await forget(order, (runs) => runs.slice(0, -1))
    expect(await fetchRuns(world.client, order)).toHaveLength(1)
    const left = await movesSince(world.client, order, 0)
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThan(all.length)
    expect(left).toEqual(all.slice(-left.length))
    const { ok, events, engine } = await verdictOn(order)
    expect([ok, engine]).toMatchObject([true, { state: 'same', source: 'engine', runs: 1 }])
    expect(engine).toMatchObject({ message: `the histories that there are cover ${engine!.events} of ${events} events` })
  })

  it('is found out where its whole chain was written anew, as nothing in the record can', async () => {
    const order = await begin(world, 'graded-fault')
    const [kept] = await keptOrders(world.db.pool, [order])
    await tamper(async (query) => {
      let previous = ''
      for (const row of kept!.events) {
        const data = row.seq === 1 ? { ...row.data, title: 'test graded-fauIt' } : row.data
        const hash = chainHash(previous, eventOf({ ...row, data }))
        await query('UPDATE order_event SET data = $3, prev_hash = $4, hash = $5 WHERE order_id = $1 AND seq = $2', [
          ...[order, row.seq, JSON.stringify(data), previous, hash],
        ])
        previous = hash
      }
      await query(
        `UPDATE orders SET title = 'test graded-fauIt', hash = $2, state = jsonb_set(jsonb_set(state, '{title}', '"test graded-fauIt"'), '{hash}', to_jsonb($2::text)) WHERE id = $1`,
        [order, previous],
      )
    })
    const verdict = await verdictOn(order)
    expect(verdict).toMatchObject({ chain: null, ok: false, engine: { state: 'differs', source: 'engine' } })
    expect(verdict.engine!.difference).toMatchObject({ of: '1', field: 'data', told: { title: 'test graded-fault' } })
    expect(verdict.engine!.difference!.kept).toMatchObject({ title: 'test graded-fauIt' })
  })

  it('is found out where its last move was deleted, and the row of the order put back to what it was', async () => {
    const order = await begin(world, 'graded-fault')
    const before = (await sql('SELECT seq, hash, state, next_due_at, updated_at FROM orders WHERE id = $1', [order])).rows[0]
    await say(order, 'never said')
    await tamper(async (query) => {
      await query('DELETE FROM order_event WHERE order_id = $1 AND seq > $2', [order, before.seq])
      await query('UPDATE orders SET seq = $2, hash = $3, state = $4, next_due_at = $5, updated_at = $6 WHERE id = $1', [
        ...[order, before.seq, before.hash, before.state, before.next_due_at, before.updated_at],
      ])
    })
    const verdict = await verdictOn(order)
    expect(verdict).toMatchObject({ chain: null, rows: null, ok: false })
    expect(verdict.engine!.difference).toMatchObject({ of: String(before.seq + 1), kept: null, told: { type: 'comment-added' } })
  })
})

describe('an order that has ended', () => {
  it('is archived with all its runs, and verified from there when the engine has forgotten it; one that it forgot before is listed', async () => {
    const order = await endedOrder()
    expect(await stateOf(order)).toEqual({ state: 'waiting', attempts: 0, error: null })
    await archived(order)
    expect(await stateOf(order)).toEqual({ state: 'done', attempts: 1, error: null })
    const { rows } = await sql('SELECT run_no, bundle_hash, code_version FROM history_archive WHERE order_id = $1 ORDER BY run_no', [order])
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.map(({ run_no: no }) => no)).toEqual(rows.map((_, i) => i + 1))
    expect(new Set(rows.map(({ bundle_hash: hash, code_version: version }) => `${hash} ${version}`))).toEqual(
      new Set([`${deps.code.hash} 0.0.0-test`]),
    )
    const lost = await endedOrder()
    await world.client.workflow.getHandle(lost).result()

    await Promise.all([forget(order), forget(lost)])
    const verdict = await verdictOn(order)
    const events = (await verify(world, order)).length
    expect(verdict).toMatchObject({ ok: true, events, engine: { state: 'same', source: 'archive', runs: rows.length, events } })
    await expect(sql('UPDATE history_archive SET events = 1 WHERE order_id = $1', [order])).rejects.toThrow(/append-only/)

    for (let look = 1; look < 4; look++) {
      await archiveDue(deps, new Date(Date.now() + look * 3_600_000))
      expect(await stateOf(lost)).toEqual({ state: 'failed', attempts: look, error: 'the engine has no history of it' })
    }
    await archiveDue(deps, new Date(Date.now() + 5 * 3_600_000))
    expect(await stateOf(lost)).toMatchObject({ state: 'dead', attempts: 4 })
    const text = await (await fetch(world.url.replace('/api/v1', '/metrics'))).text()
    expect(text).toMatch(/^paidan_archive_failures 1$/m)
    expect(text).toMatch(/^paidan_archive_backlog 0$/m)
    expect((await verdictOn(lost)).engine).toMatchObject({ state: 'missing' })
  })

  it.each([
    [
      'a byte of the content',
      async (query: typeof sql, order: string) => {
        await query(
          'UPDATE history_archive SET content = set_byte(content, 40, get_byte(content, 40) # 1) WHERE order_id = $1 AND run_no = 1',
          [order],
        )
      },
      /run 1 of the archive was changed: it (hashes to [0-9a-f]{64}, and was archived as [0-9a-f]{64}|can't be unpacked)/,
    ],
    ['a word of it, with another hash', rewritten, undefined],
    [
      'all of it, removed',
      async (query: typeof sql, order: string) => {
        await query('DELETE FROM history_archive WHERE order_id = $1', [order])
      },
      /was removed/,
    ],
    [
      'its first run, removed',
      async (query: typeof sql, order: string) => {
        await query('DELETE FROM history_archive WHERE order_id = $1 AND run_no = 1', [order])
      },
      /run 1 of the archive is missing/,
    ],
  ] as const)('is found out where the archive was edited: %s', async (_what, edit, message) => {
    const order = await endedOrder()
    await archived(order)
    await tamper((query) => edit(query, order))
    const { ok, engine } = await verdictOn(order)
    expect({ ok, state: engine!.state, source: engine!.source }).toEqual({ ok: false, state: 'differs', source: 'archive' })
    if (message) expect(engine!.message).toMatch(message)
    else expect(engine!.difference).toMatchObject({ field: 'data', told: { text: 'fIrst' }, kept: { text: 'first' } })
  })

  it('holds nothing personal in the clear: erased with the key, it is gone from there too, and all still verifies', async () => {
    const [name, phone, met] = ['Ouyang Xiaofeng 欧阳晓峰', '13912345678', 'Shangguan Yun 上官云']
    const order = await begin(world, 'fault-level-1', { reporter: name, reporterPhone: phone })
    await doStep(world, order, 'report-fault', 'not-level-1')
    await archived(order)
    const { customer } = await someService(world)
    const contract = await begin(world, 'contract-countersign')
    await doStep(world, contract, 'draft-contract', 'drafted')
    for (const step of ['countersign-business', 'countersign-finance']) await doStep(world, contract, step, 'agreed')
    await doStep(world, contract, 'customer-review', 'withdrawn', { answeredBy: met })
    await archived(contract)
    const histories = async () => JSON.stringify((await Promise.all([order, contract].map(payloadsOf))).flat())
    const lying = await histories()
    for (const text of [name, phone, met]) expect(lying).not.toContain(text)
    const opened = await unsealAll(world.db.pool, JSON.parse(lying))
    for (const text of [name, phone, met]) expect(JSON.stringify(opened)).toContain(text)

    const client = await world.db.pool.connect()
    try {
      await erasePersonal(client, { customer, actor: 'test', reason: 'asked for', at: new Date() })
    } finally {
      client.release()
    }
    const erased = JSON.stringify(await unsealAll(world.db.pool, JSON.parse(await histories())))
    for (const text of [name, phone, met]) expect(erased).not.toContain(text)
    expect(erased).toContain(ERASED)
    for (const one of [order, contract]) expect(await verdictOn(one)).toMatchObject({ ok: true, engine: { state: 'same' } })
  })

  it('waits for its workflow to end', async () => {
    const order = await begin(world, 'graded-fault')
    await sql(`INSERT INTO archive_state (order_id, state, attempts, next_at) VALUES ($1, 'waiting', 0, now())`, [order])
    await archiveDue(deps, later())
    expect(await stateOf(order)).toEqual({ state: 'waiting', attempts: 1, error: 'its workflow has not ended yet' })
    expect((await sql('SELECT 1 FROM history_archive WHERE order_id = $1', [order])).rows).toEqual([])
  })
})

/** Everything that the archived runs of an order carry, as the workflow saw it. */
async function payloadsOf(order: string): Promise<unknown[]> {
  const { rows } = await sql('SELECT content FROM history_archive WHERE order_id = $1 ORDER BY run_no', [order])
  expect(rows.length).toBeGreaterThan(0)
  return (rows as { content: Buffer }[]).flatMap(({ content }) =>
    [
      ...brotliDecompressSync(content)
        .toString()
        .matchAll(/"data":\s*"([^"]+)"/g),
    ].map(([, data]): unknown => {
      const text = Buffer.from(data!, 'base64').toString()
      try {
        return JSON.parse(text)
      } catch {
        return text
      }
    }),
  )
}

/** The archive says that somebody had said something else, and its hash fits. */
async function rewritten(query: typeof sql, order: string): Promise<void> {
  const { rows } = await query('SELECT run_no, content FROM history_archive WHERE order_id = $1 ORDER BY run_no', [order])
  for (const { run_no: no, content } of rows as { run_no: number; content: Buffer }[]) {
    // Texts of a history are base64; what a payload holds is read, changed and written again.
    const text = brotliDecompressSync(content)
      .toString()
      .replace(/"data":\s*"([^"]+)"/g, (whole, data: string) => {
        const plain = Buffer.from(data, 'base64').toString()
        return plain.includes('"first"') ? `"data":"${Buffer.from(plain.replaceAll('"first"', '"fIrst"')).toString('base64')}"` : whole
      })
    const sha256 = createHash('sha256').update(text).digest('hex')
    await query('UPDATE history_archive SET content = $3, sha256 = $4 WHERE order_id = $1 AND run_no = $2', [
      ...[order, no, brotliCompressSync(text), sha256],
    ])
  }
}

/** As retention does, sooner. */
async function forget(order: string, which = (runs: Run[]) => runs): Promise<void> {
  const runs = async () => which(await fetchRuns(world.client, order))
  for (const { id: runId } of await runs())
    await world.client.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId: order, runId } })
  for (let i = 0; i < 300; i++) {
    if ((await runs()).length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${order} is still there`)
}

describe('the code of then', () => {
  it('is stored once, and replays what today’s code makes otherwise', async () => {
    const order = await endedOrder()
    await storeCode(deps)
    await storeCode(deps)
    await archived(order)
    // Tomorrow's code says another thing where an order ends.
    const bundle = readFileSync(inject('bundlePath'), 'utf8')
    const changed = bundle.replaceAll(/(type: ['"]order-closed['"],\s*actor: FLOW,\s*data: (?:_object_spread\()?\{)/g, '$1 note: 1,')
    expect(changed).not.toBe(bundle)
    const today = { ...deps, code: await codeOf({ code: changed }, '0.0.0-tomorrow') }
    const auditor = world.as(await auditorId())
    const { body } = await auditor.post<KeptVerdict>(`/orders/${order}/verifications`, {})
    await replayDue(today, later())
    const { engine, ok } = (await auditor.get<KeptVerdict>(`/orders/${order}/verifications/${body.id}`)).body
    expect(ok).toBe(true)
    expect(engine).toMatchObject({ state: 'same', source: 'archive' })
    expect(engine!.codes).toMatchObject([
      { bundle: today.code.hash, version: '0.0.0-tomorrow', today: true, same: false },
      { bundle: deps.code.hash, version: '0.0.0-test', today: false, same: true },
    ])
    expect(engine!.codes![0]!.difference).toBeDefined()
  })
})
