import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EngineRefused } from '../../api/engine-errors.ts'
import { type RefusalCode, refusalCodes } from '../../domain/order/refusal.ts'
import type { Actor } from '../../domain/order/event.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { type Caller, type Door, MINUTE, openDoor, serviceIn, startFault } from './support/door.ts'

let door: Door
/** In Nanjing: the monitoring centre's two, and an engineer of the city. */
let lead: Caller
let monitor: Caller
let engineer: Caller
beforeAll(async () => {
  door = await openDoor()
  lead = await door.as('lixin.song')
  monitor = await door.as('monitor')
  engineer = await door.as('engineer')
})
afterAll(() => door.close())
beforeEach(() => {
  door.engine.mood = 'well'
  door.engine.refusal = undefined
})

const version = async (order: string) => Number((await door.db.pool.query('SELECT seq FROM orders WHERE id = $1', [order])).rows[0].seq)
const task = async (order: string, id: string) =>
  (await monitor.get(`/orders/${order}`)).body.tasks.find((one: { task: string }) => one.task === id)

/** A fault whose first task is accepted by Liang Jia of the monitoring centre. */
async function accepted(): Promise<string> {
  const order = await startFault(door)
  expect((await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })).status).toBe(200)
  return order
}

/** … and diagnosed, so that it waits for dispatch. */
async function diagnosed(): Promise<string> {
  const order = await accepted()
  for (const body of [
    { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
    { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: 'fibre cut' } },
  ])
    expect((await monitor.command(order, body)).status).toBe(200)
  return order
}

/** … and dispatched to the engineer, who has taken it. */
async function taken(): Promise<string> {
  const order = await diagnosed()
  const form = { person: engineer.id, unit: 'nj-maintenance' }
  expect((await monitor.command(order, { type: 'complete', task: 'dispatch-fault.1', outcome: 'dispatched', form })).status).toBe(200)
  expect((await engineer.command(order, { type: 'accept', task: 'take-ticket.1' })).status).toBe(200)
  return order
}

const askMore = (more: object = {}) => ({
  type: 'ask-extension',
  task: 'repair-fault.1',
  clock: 'repair',
  by: 60 * MINUTE,
  reason: 'no spare part',
  ...more,
})

/** … and asks for an hour more. */
async function asking(): Promise<string> {
  const order = await taken()
  expect((await engineer.command(order, askMore())).status).toBe(200)
  return order
}

describe('a command', () => {
  it('is answered once it is recorded, with the version it led to', async () => {
    const order = await startFault(door)
    const response = await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })
    expect(response.status).toBe(200)
    expect(response.body).toEqual({ order, seq: await version(order) })
    expect(response.headers.etag).toBe(`"${response.body.seq}"`)
    expect(await task(order, 'accept-fault.1')).toMatchObject({ status: 'accepted', person: monitor.id })
  })

  it('carries who gives it, with roles and units, and its key as its id', async () => {
    const order = await startFault(door)
    await monitor.command(order, { type: 'urge', note: 'hurry' }, { 'Idempotency-Key': 'urge-1' })
    expect(door.engine.given.at(-1)).toEqual({
      type: 'urge',
      note: 'hurry',
      id: 'urge-1',
      actor: { kind: 'person', id: monitor.id, roles: ['monitor-centre'], units: ['nj-monitor'] } satisfies Actor,
    })
  })

  it('asks for more time, once whatever the number of times it is sent; a supervisor gives it, and the asker is told', async () => {
    const order = await taken()
    const key = { 'Idempotency-Key': randomUUID() }
    const sent = [await engineer.command(order, askMore(), key), await engineer.command(order, askMore(), key)]
    expect(sent.map(({ status, body }) => [status, body.seq])).toEqual([200, 200].map((status) => [status, sent[0]!.body.seq]))
    expect((await engineer.command(order, askMore({ by: 1 }), key)).status).toBe(422)
    expect((await task(order, 'repair-fault.1')).extensionAsked).toEqual({
      clock: 'repair',
      moreMs: 60 * MINUTE,
      reason: 'no spare part',
      by: engineer.id,
    })
    const due = async () => (await lead.get(`/orders/${order}`)).body.clocks.find((one: { clock: string }) => one.clock === 'repair').dueAt
    const before = Date.parse(await due())
    const offered = (await lead.get(`/orders/${order}`)).body.allowed.map(({ command }: { command: string }) => command)
    expect(offered).toEqual(expect.arrayContaining(['grant-extension', 'deny-extension']))
    expect((await lead.command(order, { type: 'grant-extension', task: 'repair-fault.1' })).status).toBe(200)
    expect(Date.parse(await due())).toBe(before + 60 * MINUTE)
    expect((await task(order, 'repair-fault.1')).extensionAsked).toBeNull()
    await engineer.command(order, askMore())
    expect((await lead.command(order, { type: 'deny-extension', task: 'repair-fault.1', reason: 'go there' })).status).toBe(200)
    const { rows } = await door.db.pool.query(
      `SELECT template, staff_id, data ->> 'reason' AS reason FROM notification
        WHERE order_id = $1 AND template LIKE 'extension-%' ORDER BY id`,
      [order],
    )
    expect(rows.map(({ template, staff_id }) => [template, staff_id === engineer.id])).toEqual([
      ['extension-asked', false],
      ['extension-granted', true],
      ['extension-asked', false],
      ['extension-denied', true],
    ])
    expect(rows.at(-1).reason).toBe('go there')
  })

  it('drives a whole fault to its end', async () => {
    const order = await taken()
    const file = await engineer
      .raw('post', `/orders/${order}/attachments`)
      .set('Idempotency-Key', randomUUID())
      .attach('file', Buffer.from('all is well again\n'), 'report.txt')
    expect(file.status).toBe(201)
    for (const [by, body] of [
      [engineer, { type: 'complete', task: 'repair-fault.1', outcome: 'repaired', form: { handling: 'spliced' } }],
      [engineer, { type: 'complete', task: 'return-receipt.1', outcome: 'returned', form: { restoredAt: '2026-01-05T10:30:00+08:00' } }],
      [monitor, { type: 'complete', task: 'confirm-recovery.1', outcome: 'recovered', form: { asked: 'Mr Li', answer: 'fine' } }],
      [
        engineer,
        {
          type: 'complete',
          task: 'upload-report.1',
          outcome: 'uploaded',
          form: { report: file.body.id, cause: 'digger', solution: 'splice' },
        },
      ],
      [monitor, { type: 'complete', task: 'archive-fault.1', outcome: 'archived' }],
    ] as const) {
      const response = await by.command(order, body)
      expect([body, response.status, response.body.code]).toEqual([body, 200, undefined])
    }
    const { body } = await monitor.get(`/orders/${order}`)
    expect([body.status, body.end, body.allowed]).toEqual(['closed', 'closed', []])
    expect(body.facts.restoredAt).toBe(Date.UTC(2026, 0, 5, 2, 30))
    const late = await monitor.command(order, { type: 'comment', text: 'one more thing' })
    expect([late.status, late.body.code]).toEqual([409, 'ORDER_CLOSED'])
  })
})

describe('a repeated command', () => {
  it('gets the first answer, also when the order has moved on, and changes nothing', async () => {
    const order = await startFault(door)
    const key = { 'Idempotency-Key': randomUUID() }
    const first = await monitor.command(order, { type: 'accept', task: 'accept-fault.1' }, key)
    await monitor.command(order, { type: 'comment', text: 'meanwhile' })
    const before = await version(order)
    const again = await monitor.command(order, { type: 'accept', task: 'accept-fault.1' }, key)
    expect([again.status, again.body, again.headers['idempotent-replayed']]).toEqual([200, first.body, 'true'])
    expect(await version(order)).toBe(before)
  })

  it('is answered from the record without the engine, also after the order has ended', async () => {
    const order = await startFault(door)
    const key = { 'Idempotency-Key': randomUUID() }
    await monitor.command(order, { type: 'accept', task: 'accept-fault.1' }, key)
    door.engine.mood = 'down'
    expect((await monitor.command(order, { type: 'accept', task: 'accept-fault.1' }, key)).status).toBe(200)
  })

  it.each([
    ['another content', () => monitor, { type: 'comment', text: 'other' }, {}],
    ['another person', () => lead, { type: 'comment', text: 'hello' }, {}],
    ['another version', () => monitor, { type: 'comment', text: 'hello' }, { 'If-Match': '"99"' }],
  ])('with %s is refused', async (_what, by, body, headers) => {
    const order = await startFault(door)
    const key = { 'Idempotency-Key': randomUUID() }
    await monitor.command(order, { type: 'comment', text: 'hello' }, key)
    const before = await version(order)
    const other = await by().command(order, body, { ...key, ...(headers as Record<string, string>) })
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
    expect(await version(order)).toBe(before)
  })

  it('at once with other contents takes effect once, and the others learn it', async () => {
    const order = await startFault(door)
    const key = { 'Idempotency-Key': randomUUID() }
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => monitor.command(order, { type: 'comment', text: `text ${i}` }, key)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === 'IDEMPOTENCY_MISMATCH')).toHaveLength(5)
    const { rows } = await door.db.pool.query("SELECT count(*)::int AS n FROM order_event WHERE order_id = $1 AND type = 'comment-added'", [
      order,
    ])
    expect(rows[0].n).toBe(1)
  })

  it('may have the key that it has on another order', async () => {
    const [one, two] = [await startFault(door), await startFault(door)]
    const key = { 'Idempotency-Key': randomUUID() }
    expect((await monitor.command(one, { type: 'urge' }, key)).status).toBe(200)
    const other = await monitor.command(two, { type: 'urge' }, key)
    expect([other.status, other.body.order, other.headers['idempotent-replayed']]).toEqual([200, two, undefined])
  })
})

describe('a command that is refused changes nothing', () => {
  it.each<[string, () => Promise<string>, () => Caller, object, number, string, string | undefined]>([
    [
      'an unknown outcome',
      accepted,
      () => monitor,
      { type: 'complete', task: 'accept-fault.1', outcome: 'fixed' },
      422,
      'UNKNOWN_OUTCOME',
      'outcome',
    ],
    [
      'an inherited name as outcome',
      accepted,
      () => monitor,
      { type: 'complete', task: 'accept-fault.1', outcome: 'toString' },
      422,
      'UNKNOWN_OUTCOME',
      'outcome',
    ],
    [
      'a task that there is not',
      accepted,
      () => monitor,
      { type: 'complete', task: 'nothing.1', outcome: 'x' },
      404,
      'NO_SUCH_TASK',
      'task',
    ],
    ['an inherited name as task', accepted, () => monitor, { type: 'accept', task: 'constructor' }, 404, 'NO_SUCH_TASK', 'task'],
    [
      'a second completion',
      diagnosed,
      () => monitor,
      { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
      409,
      'TASK_CLOSED',
      'task',
    ],
    ['a second acceptance', accepted, () => lead, { type: 'accept', task: 'accept-fault.1' }, 409, 'ALREADY_ACCEPTED', undefined],
    [
      "somebody else's task",
      accepted,
      () => lead,
      { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
      403,
      'NOT_ASSIGNEE',
      undefined,
    ],
    [
      'an outcome before acceptance',
      () => startFault(door),
      () => monitor,
      { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
      409,
      'NOT_ACCEPTED',
      undefined,
    ],
    [
      'a missing field of the form',
      accepted,
      () => monitor,
      { type: 'complete', task: 'accept-fault.1', outcome: 'not-a-fault' },
      422,
      'FORM_INVALID',
      'form.reason',
    ],
    [
      'a field that the form has not',
      accepted,
      () => monitor,
      { type: 'complete', task: 'accept-fault.1', outcome: 'accepted', form: { colour: 'red' } },
      422,
      'FORM_INVALID',
      'form.colour',
    ],
    [
      'a long text where a short one belongs',
      accepted,
      () => monitor,
      { type: 'complete', task: 'accept-fault.1', outcome: 'not-a-fault', form: { reason: 'x'.repeat(501) } },
      422,
      'FORM_INVALID',
      'form.reason',
    ],
    ['an empty reason', accepted, () => monitor, { type: 'return', task: 'accept-fault.1', reason: ' ' }, 422, 'REASON_REQUIRED', 'reason'],
    ['an empty comment', accepted, () => monitor, { type: 'comment', text: '  ' }, 422, 'FORM_INVALID', 'text'],
    [
      'a suspension into the past',
      taken,
      () => lead,
      { type: 'suspend', task: 'repair-fault.1', reason: 'customer away', party: 'customer', until: '2020-01-01T00:00:00Z' },
      422,
      'DATE_IN_PAST',
      'until',
    ],
    [
      'a suspension that the step does not allow',
      accepted,
      () => monitor,
      { type: 'suspend', task: 'accept-fault.1', reason: 'r', party: 'own' },
      409,
      'SUSPEND_NOT_ALLOWED',
      undefined,
    ],
    ['a resumption of what runs', taken, () => engineer, { type: 'resume', task: 'repair-fault.1' }, 409, 'NOT_SUSPENDED', undefined],
    ['a priority that there is not', accepted, () => monitor, { type: 'set-priority', priority: 9 }, 422, 'BAD_VALUE', 'priority'],
    [
      'a dispatch to nobody',
      () => startFault(door),
      () => monitor,
      { type: 'dispatch', task: 'accept-fault.1' },
      422,
      'TARGET_REQUIRED',
      'person',
    ],
    [
      'a clock that there is not',
      accepted,
      () => lead,
      { type: 'extend', clock: 'none', by: 1000, reason: 'r' },
      404,
      'NO_SUCH_CLOCK',
      'clock',
    ],
    [
      'a signature where none is asked',
      accepted,
      () => monitor,
      { type: 'sign', task: 'accept-fault.1', party: 'p', answer: 'agree' },
      409,
      'NOT_JOINT',
      undefined,
    ],
    ['a raise where there is nothing higher', accepted, () => lead, { type: 'raise', reason: 'r' }, 409, 'NOT_RAISABLE', undefined],
    [
      'a withdrawal by somebody who leads nobody',
      accepted,
      () => monitor,
      { type: 'withdraw', reason: 'r' },
      403,
      'NOT_ALLOWED',
      undefined,
    ],
    [
      'an extension by somebody who leads nobody',
      accepted,
      () => engineer,
      { type: 'extend', clock: 'accept-fault.1/complete', by: 1, reason: 'r' },
      403,
      'NOT_ALLOWED',
      undefined,
    ],
    ['more time for the work of another', taken, () => monitor, askMore(), 403, 'NOT_ASSIGNEE', undefined],
    ['more time on a clock that there is not', taken, () => engineer, askMore({ clock: 'none' }), 404, 'NO_SUCH_CLOCK', 'clock'],
    ['no more time', taken, () => engineer, askMore({ by: 0 }), 422, 'BAD_VALUE', 'by'],
    ['more time for no reason', taken, () => engineer, askMore({ reason: ' ' }), 422, 'REASON_REQUIRED', 'reason'],
    ['more time once more', asking, () => engineer, askMore(), 409, 'EXTENSION_ASKED', undefined],
    [
      'a grant by who leads nobody',
      asking,
      () => engineer,
      { type: 'grant-extension', task: 'repair-fault.1' },
      403,
      'NOT_ALLOWED',
      undefined,
    ],
    [
      'a grant that nobody asks for',
      taken,
      () => lead,
      { type: 'grant-extension', task: 'repair-fault.1' },
      409,
      'EXTENSION_NOT_ASKED',
      undefined,
    ],
    [
      'a denial without a reason',
      asking,
      () => lead,
      { type: 'deny-extension', task: 'repair-fault.1', reason: ' ' },
      422,
      'REASON_REQUIRED',
      'reason',
    ],
    [
      'a dispatch by an engineer',
      () => startFault(door),
      () => engineer,
      { type: 'dispatch', task: 'accept-fault.1', unit: 'nj-monitor' },
      403,
      'NOT_ALLOWED',
      undefined,
    ],
  ])('%s', async (_what, make, by, body, status, code, field) => {
    const order = await make()
    const before = await version(order)
    const response = await by().command(order, body as Record<string, unknown>)
    expect([response.status, response.body.code, response.body.errors?.[0]?.field]).toEqual([status, code, field])
    expect(response.body.title).toBe(refusalCodes[code as RefusalCode].title.en)
    expect(await version(order)).toBe(before)
  })

  it('with what is wrong at which field, from the door and from the engine alike', async () => {
    const order = await accepted()
    const errors = async (body: Record<string, unknown>) => (await monitor.command(order, body)).body.errors
    expect(await errors({ type: 'complete', task: 'accept-fault.1', outcome: 'not-a-fault' })).toMatchObject([
      { field: 'form.reason', code: 'REQUIRED' },
    ])
    expect(await errors({ type: 'complete', task: 'accept-fault.1', outcome: 'accepted', form: { colour: 'red' } })).toMatchObject([
      { field: 'form.colour', code: 'UNKNOWN_FIELD' },
    ])
    expect(await errors({ type: 'comment', text: '  ' })).toMatchObject([{ field: 'text', code: 'REQUIRED' }])
  })

  it('by an auditor, who sees everything', async () => {
    const order = await accepted()
    const auditor = await door.as('auditor')
    expect((await auditor.get(`/orders/${order}`)).status).toBe(200)
    for (const body of [{ type: 'comment', text: 'hm' }, { type: 'urge' }, { type: 'accept', task: 'accept-fault.1' }]) {
      const response = await auditor.command(order, body)
      expect([response.status, response.body.code]).toEqual([403, 'NOT_ALLOWED'])
    }
    expect((await auditor.get(`/orders/${order}`)).body.allowed).toEqual([])
  })

  it('on an order out of sight, which looks as if there were none', async () => {
    const order = await accepted()
    const stranger = await door.as('xue.feng')
    const [there, nowhere] = [await stranger.command(order, { type: 'urge' }), await stranger.command('onowhere', { type: 'urge' })]
    expect([there.status, there.body.code]).toEqual([404, 'NOT_FOUND'])
    expect({ ...there.body, instance: '', requestId: '' }).toEqual({ ...nowhere.body, instance: '', requestId: '' })
  })
})

describe('If-Match', () => {
  it('lets a command through that was decided on the present version', async () => {
    const order = await startFault(door)
    const { etag } = (await monitor.get(`/orders/${order}`)).headers as { etag: string }
    expect((await monitor.command(order, { type: 'accept', task: 'accept-fault.1' }, { 'If-Match': etag })).status).toBe(200)
  })

  it('refuses one that was decided on an older version', async () => {
    const order = await startFault(door)
    const { etag } = (await monitor.get(`/orders/${order}`)).headers as { etag: string }
    await monitor.command(order, { type: 'comment', text: 'first' })
    const before = await version(order)
    const response = await monitor.command(order, { type: 'comment', text: 'second' }, { 'If-Match': etag })
    expect([response.status, response.body.code]).toEqual([412, 'STALE_VERSION'])
    expect(await version(order)).toBe(before)
  })

  it.each(['12', 'W/"12"', '"x"', '"1", "2"'])('must be an ETag of ours: %s', async (value) => {
    const order = await startFault(door)
    const response = await monitor.command(order, { type: 'urge' }, { 'If-Match': value })
    expect([response.status, response.body.code]).toEqual([400, 'BAD_VERSION'])
  })

  it('* is any version', async () => {
    const order = await startFault(door)
    expect((await monitor.command(order, { type: 'urge' }, { 'If-Match': '*' })).status).toBe(200)
  })
})

describe('every refusal of an order', () => {
  it.each(Object.keys(refusalCodes) as RefusalCode[])('%s has its status, its title and its field', async (code) => {
    const order = await startFault(door)
    const before = await version(order)
    const says = { zh: '因为', en: 'because' }
    door.engine.refusal = new EngineRefused(code, { field: 'task', detail: 'because', says })
    const { status, body, headers } = await monitor.command(order, { type: 'urge' })
    expect(status).toBe(refusalCodes[code].status)
    expect(headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(body).toEqual({
      type: `urn:paidan:problem:${code.toLowerCase().replaceAll('_', '-')}`,
      title: refusalCodes[code].title.en,
      status,
      code,
      detail: 'because',
      says,
      errors: [{ field: 'task', code, detail: 'because', says }],
      instance: `/api/v1/orders/${order}/commands`,
      requestId: headers['x-request-id'],
    })
    const chinese = await monitor.command(order, { type: 'urge' }, { 'Accept-Language': 'zh-CN,zh;q=0.9,en;q=0.5' })
    expect([chinese.body.title, chinese.headers['content-language']]).toEqual([refusalCodes[code].title.zh, 'zh'])
    expect(await version(order)).toBe(before)
  })
})

describe('a unit or person named', () => {
  const dispatch = (target: object) => ({ type: 'dispatch', task: 'accept-fault.1', ...target })

  it.each([
    ['a unit that does not exist', { unit: 'nowhere' }, 'UNKNOWN_REFERENCE', 'unit'],
    ['a person who does not exist', { person: 'st-999' }, 'UNKNOWN_REFERENCE', 'person'],
    ['a unit of another city', { unit: 'sz-monitor' }, 'UNKNOWN_REFERENCE', 'unit'],
    ['a person of another city', { person: () => person('xue.feng').id }, 'UNKNOWN_REFERENCE', 'person'],
    ['a unit where nobody has the role', { unit: 'nj-maintenance' }, 'UNFIT_TARGET', 'unit'],
    ['a person without the role', { person: () => person('engineer').id }, 'UNFIT_TARGET', 'person'],
    ['a person who is not of the unit', { unit: 'nj-monitor', person: () => person('xiaomei.lin').id }, 'UNFIT_TARGET', 'person'],
  ])('may not be %s', async (_what, target, code, field) => {
    const order = await startFault(door)
    const before = await version(order)
    const given = Object.fromEntries(Object.entries(target).map(([name, value]) => [name, typeof value === 'function' ? value() : value]))
    const response = await monitor.command(order, dispatch(given))
    expect([response.status, response.body.code, response.body.errors[0].field]).toEqual([422, code, field])
    expect(await version(order)).toBe(before)
  })

  it('may not have left', async () => {
    const order = await startFault(door)
    await door.db.pool.query("UPDATE staff SET active = false WHERE login = 'xiang.gao'")
    const response = await monitor.command(order, dispatch({ person: person('xiang.gao').id }))
    expect([response.status, response.body.code]).toEqual([422, 'UNKNOWN_REFERENCE'])
  })

  it('may be further down or further up the line', async () => {
    const down = await startFault(door)
    expect((await (await door.as('xiaomei.lin')).command(down, dispatch({ person: lead.id }))).status).toBe(200)
    const up = await startFault(door)
    expect((await monitor.command(up, dispatch({ unit: 'js-monitor', person: person('xiaomei.lin').id }))).status).toBe(200)
    expect(await task(up, 'accept-fault.1')).toMatchObject({ status: 'offered', person: person('xiaomei.lin').id })
  })

  it('in a form must be able to do what the form sends him to', async () => {
    const order = await diagnosed()
    const send = (form: object) => monitor.command(order, { type: 'complete', task: 'dispatch-fault.1', outcome: 'dispatched', form })
    expect((await send({ unit: 'nj-kac' })).body).toMatchObject({ code: 'UNFIT_TARGET', errors: [{ field: 'form.unit' }] })
    expect((await send({ person: 'st-999' })).body).toMatchObject({ code: 'UNKNOWN_REFERENCE', errors: [{ field: 'form.person' }] })
    expect((await send({ unit: 'nj-maintenance' })).status).toBe(200)
    expect(await task(order, 'take-ticket.1')).toMatchObject({ unit: 'nj-maintenance' })
  })

  it('as an added signer must exist, and have roles that there are', async () => {
    const kac = await door.as('kac')
    const { customer } = await serviceIn(door, '/cn/js/nj')
    const { body } = await kac.post('/orders', { process: 'contract-countersign', customerId: customer, title: 'contract', input: {} })
    const drafter = await holder(body.order, 'draft-contract.1')
    const form = { text: '合同'.repeat(600), amount: 100, termMonths: 12, discountPct: 0 }
    expect((await drafter.command(body.order, { type: 'accept', task: 'draft-contract.1' })).status).toBe(200)
    expect((await drafter.command(body.order, { type: 'complete', task: 'draft-contract.1', outcome: 'drafted', form })).status).toBe(200)
    const director = await door.as('director')
    const add = (more: object) =>
      director.command(body.order, { type: 'add-signer', task: 'countersign-business.1', party: 'risk', ...more })
    expect((await add({ roles: ['wizard'] })).body).toMatchObject({ code: 'UNKNOWN_REFERENCE', errors: [{ field: 'roles' }] })
    expect((await add({ person: 'st-999' })).body).toMatchObject({ code: 'UNKNOWN_REFERENCE', errors: [{ field: 'person' }] })
    expect((await add({})).body).toMatchObject({ code: 'TARGET_REQUIRED' })
    expect((await add({ person: person('finance').id })).status).toBe(200)
    const detail = (await director.get(`/orders/${body.order}`)).body
    const parties = detail.tasks.find((one: { task: string }) => one.task === 'countersign-business.1').parties
    expect(parties.map((one: { party: string }) => one.party)).toEqual(['business', 'lawyer', 'risk'])
    // The text is long: the event carries its digest, readers get it whole.
    expect(detail.facts.text).toBe(form.text)
    const signed = await (await door.as('finance')).command(body.order, {
      type: 'sign',
      task: 'countersign-business.1',
      party: 'risk',
      answer: 'agree',
      opinion: '可'.repeat(401),
    })
    expect(signed.status).toBe(200)
    const after = (await director.get(`/orders/${body.order}`)).body.tasks.find(
      (one: { task: string }) => one.task === 'countersign-business.1',
    ).parties[2]
    expect(after).toMatchObject({ answer: 'agree', signedBy: person('finance').id, opinion: '可'.repeat(401) })
  })
})

/** Who is asked to do a task, or holds it. */
async function holder(order: string, id: string): Promise<Caller> {
  const { rows } = await door.db.pool.query(
    'SELECT s.login FROM task t JOIN staff s ON s.id = t.person_id WHERE t.order_id = $1 AND t.task = $2',
    [order, id],
  )
  return door.as(rows[0].login as string)
}

describe('a comment that mentions somebody', () => {
  it('tells them, and nobody who is not there', async () => {
    const order = await startFault(door)
    const engineer = await door.as('engineer')
    expect((await monitor.command(order, { type: 'comment', text: 'Please look', mentions: [engineer.id] })).status).toBe(200)
    const { rows } = await door.db.pool.query(
      "SELECT staff_id, data ->> 'text' AS text FROM notification WHERE order_id = $1 AND template = 'mentioned' AND channel = 'inbox'",
      [order],
    )
    expect(rows).toEqual([{ staff_id: engineer.id, text: 'Please look' }])
    const { status, body } = await monitor.command(order, { type: 'comment', text: 'x', mentions: ['nobody'] })
    expect([status, body.code]).toEqual([422, 'UNKNOWN_REFERENCE'])
  })
})

describe('a long text', () => {
  it.each([400, 401, 20_000])('of %i characters is read back as written; the event carries its digest when it is long', async (length) => {
    const order = await startFault(door)
    const text = '长'.repeat(length)
    expect((await monitor.command(order, { type: 'comment', text })).status).toBe(200)
    const { rows } = await door.db.pool.query(
      "SELECT data ->> 'text' AS text FROM order_event WHERE order_id = $1 AND type = 'comment-added'",
      [order],
    )
    expect(rows[0].text).toMatch(length > 400 ? /^digest:[0-9a-f]{64}$/ : /^长+$/)
    const { body } = await monitor.get(`/orders/${order}/events`)
    expect(body.items.at(-1).data.text).toBe(text)
  })

  it('that looks like a digest is read back as written', async () => {
    const order = await startFault(door)
    const secret = await startFault(door)
    await monitor.command(secret, { type: 'comment', text: 's'.repeat(500) })
    const { rows } = await door.db.pool.query(
      "SELECT data ->> 'text' AS text FROM order_event WHERE order_id = $1 AND type = 'comment-added'",
      [secret],
    )
    await monitor.command(order, { type: 'comment', text: rows[0].text })
    expect((await monitor.get(`/orders/${order}/events`)).body.items.at(-1).data.text).toBe(rows[0].text)
  })

  it('above the limit is refused', async () => {
    const order = await startFault(door)
    const { status, body } = await monitor.command(order, { type: 'comment', text: 'x'.repeat(20_001) })
    const says = { zh: '最多 20000 个字', en: 'must have at most 20000 characters' }
    expect([status, body.errors]).toEqual([422, [{ field: 'text', code: 'TOO_LONG', detail: expect.any(String), says }]])
  })
})

describe('when the engine', () => {
  it.each(['late-before', 'late-after'] as const)('is late (%s), the answer says where to ask', async (mood) => {
    const order = await startFault(door)
    const key = randomUUID()
    door.engine.mood = mood
    const late = await monitor.command(order, { type: 'urge' }, { 'Idempotency-Key': key })
    expect([late.status, late.body, late.headers['retry-after']]).toEqual([
      202,
      { order, location: `/api/v1/orders/${order}/commands/${key}` },
      '2',
    ])
    door.engine.mood = 'well'
    const asked = await monitor.get(late.body.location.replace('/api/v1', ''))
    if (mood === 'late-after') expect([asked.status, asked.body.seq]).toEqual([200, await version(order)])
    else expect([asked.status, asked.body.code]).toEqual([404, 'NOT_RECORDED'])
    expect((await monitor.command(order, { type: 'urge' }, { 'Idempotency-Key': key })).status).toBe(200)
    const { rows } = await door.db.pool.query("SELECT count(*)::int AS n FROM order_event WHERE order_id = $1 AND type = 'order-urged'", [
      order,
    ])
    expect(rows[0].n).toBe(1)
  })

  it('is down, nothing is done and the request is to be repeated', async () => {
    const order = await startFault(door)
    door.engine.mood = 'down'
    const { status, body, headers } = await monitor.command(order, { type: 'urge' })
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'ENGINE_UNAVAILABLE', '2'])
  })

  it('has lost the order, an operator is needed', async () => {
    const order = await startFault(door)
    door.engine.lose(order)
    const { status, body } = await monitor.command(order, { type: 'urge' })
    expect([status, body.code]).toEqual([503, 'ENGINE_ORDER_MISSING'])
  })

  it('has closed the order by the very command, its repeat is answered from the record', async () => {
    const order = await startFault(door)
    const key = { 'Idempotency-Key': randomUUID() }
    door.engine.mood = 'late-after'
    await lead.command(order, { type: 'withdraw', reason: 'reported twice' }, key)
    door.engine.mood = 'well'
    const again = await lead.command(order, { type: 'withdraw', reason: 'reported twice' }, key)
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([200, 'true'])
    expect((await lead.get(`/orders/${order}`)).body).toMatchObject({ status: 'closed', end: 'withdrawn' })
  })

  it('the place to ask tells strangers nothing', async () => {
    const order = await startFault(door)
    await monitor.command(order, { type: 'urge' }, { 'Idempotency-Key': 'a/b c?'.replace(' ', '-') })
    expect((await monitor.get(`/orders/${order}/commands/${encodeURIComponent('a/b-c?')}`)).status).toBe(200)
    const stranger = await (await door.as('xue.feng')).get(`/orders/${order}/commands/${encodeURIComponent('a/b-c?')}`)
    expect([stranger.status, stranger.body.code]).toEqual([404, 'NOT_RECORDED'])
  })
})

describe('the commands offered', () => {
  it('are those that would be taken', async () => {
    const order = await startFault(door)
    const offered = async (login: string) =>
      (await (await door.as(login)).get(`/orders/${order}`)).body.allowed.map((one: { command: string }) => one.command).sort()
    expect(await offered('monitor')).toEqual(
      ['accept', 'comment', 'complete', 'dispatch', 'reassign', 'refuse', 'set-priority', 'urge'].filter(
        (command) => command !== 'complete',
      ),
    )
    expect(await offered('lixin.song')).toContain('withdraw')
    expect(await offered('engineer')).toEqual(['comment', 'urge'])
    expect(await offered('auditor')).toEqual([])
  })

  it('follow the clock: what a task’s limit allows changes with time', async () => {
    const order = await startFault(door)
    door.now.value += 16 * MINUTE
    await door.engine.tick(order)
    const { body } = await monitor.get(`/orders/${order}`)
    expect(body.overdue).toBe(true)
    expect(body.rungs.map((one: { pct: number }) => one.pct)).toEqual([80, 100])
    door.now.value -= 16 * MINUTE
  })
})
