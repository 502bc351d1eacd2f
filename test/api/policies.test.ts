/** Policies as data: read with their history, changed by a further version, previewed, and kept by the orders that have begun. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ruleKinds } from '../../domain/order/rules.ts'
import { policyKinds } from '../../api/schemas/policy.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

type Item = Record<string, any>
const iso = (ms: number) => new Date(ms).toISOString()
const get = async (path: string, login = 'auditor'): Promise<Item> => (await (await door.as(login)).get(path)).body as Item
const change = async (login: string, path: string, body: object, headers?: Record<string, string>) =>
  (await door.as(login)).post(`/policies/${path}`, { note: 'the board wants it', ...body }, headers)
const limitOf = async (process: string, step: string): Promise<Item> => {
  const { items } = await get(`/policies?process=${process}&step=${step}`)
  return items.find(({ applies }: Item) => applies.for === 'complete' && Object.values(applies).filter((v) => v !== null).length === 3)
}
const errors = (body: Item) => (body.errors as Item[] | undefined)?.map(({ field, code }) => [field, code])

describe('reading', () => {
  it('lists every kind with title, mark and where it stands', async () => {
    for (const kind of policyKinds) {
      const { items } = await get(`/policies?kind=${kind}`)
      expect([kind, items.length > 0]).toEqual([kind, true])
      for (const item of items) {
        expect([item.kind, item.state, item.title.zh !== '', item.title.en !== '']).toEqual([kind, 'in-force', true, true])
        const { items: versions } = await get(`/policies/${kind}/${encodeURIComponent(item.id)}`)
        expect(versions).toContainEqual(item)
      }
    }
  }, 120_000)

  it('limits are those of a process and step, with their mark and their source', async () => {
    expect((await get('/policies')).items.length).toBeGreaterThan(50)
    expect(await limitOf('graded-fault', 'dispatch-fault')).toMatchObject({
      spec: { budget: '15m', calendar: 'C' },
      mark: 'given',
      source: expect.stringContaining('P-14') as string,
      version: 1,
      validTo: null,
      changedBy: null,
      title: { en: expect.stringContaining('Limit to complete') as string },
    })
  })

  it('a limit is found by the number that a clock names', async () => {
    const order = await startFault(door)
    const { clocks } = await get(`/orders/${order}`, 'xiaomei.lin')
    const [row] = (clocks[0].policy as string).split('@')
    const { items } = await get(`/policies/limits/${row}`)
    expect(items[0]).toMatchObject({ kind: 'limits', spec: { budget: expect.any(String) as string } })
  })

  it('what there is not, is not found', async () => {
    for (const path of ['limits/999999', 'limits/x', 'ladders/none', 'dispatch/none', 'nonsense/x', 'repeat/none'])
      expect([path, (await (await door.as('auditor')).get(`/policies/${path}`)).status]).toEqual([path, 404])
  })

  it('is not for people of other companies', async () => {
    const vendor = await door.as('vendor')
    for (const path of ['/policies', '/policies/dispatch/default']) expect((await vendor.get(path)).body.code).toBe('NOT_ALLOWED')
  })
})

describe('who may change', () => {
  const wanted: Record<string, object> = {
    ladders: { rungs: [{ pct: 100, to: ['assignee'] }] },
    authority: { maxAmount: 1, maxTermMonths: 1, maxDiscountPct: 1 },
    dispatch: { mode: 'offer' },
    screening: { minCharges: 1, minMonths: 1 },
    credit: {
      start: 50,
      onTime: 1,
      arrears: -1,
      restriction: -1,
      blemish: -1,
      redFrom: 60,
      blackBelow: 20,
      redLimit: 3,
      greyLimit: 2,
      blackLimit: 1,
    },
    'late-payment': { points: 5 },
  }
  const ids: Record<string, string> = {
    ladders: 'standard',
    authority: 'kac-director-city',
    dispatch: 'default',
    screening: 'customer-transfer',
    repeat: 'complaint',
    review: 'potential-demand',
    validity: 'solution',
    credit: 'default',
    'late-payment': 'default',
  }
  const may: [login: string, kinds: readonly string[]][] = [
    ['vp', policyKinds],
    ['director', policyKinds.filter((kind) => kind !== 'authority')],
    ['supervisor', ['dispatch']],
    // A director of a city decides for his city alone, and these hold in the whole province.
    ['zhiqiang.han', []],
    ['lixin.song', []],
    ['auditor', []],
    ['engineer', []],
    ['kac', []],
    ['vendor', []],
  ]
  it.each(may)('%s: %j', async (login, kinds) => {
    const { id, spec } = await limitOf('graded-fault', 'dispatch-fault')
    for (const kind of policyKinds) {
      const body = { spec: kind === 'limits' ? { ...spec, budget: '20m' } : (wanted[kind] ?? { days: 7 }) }
      const { status, body: answer } = await change(login, `${kind}/${kind === 'limits' ? id : ids[kind]}?preview=true`, body)
      expect([login, kind, status === 200]).toEqual([login, kind, kinds.includes(kind)])
      if (status !== 200) expect(answer.code).toBe('NOT_ALLOWED')
    }
  })
})

describe('what is not taken', () => {
  const limit = { budget: '20m', calendar: 'C', ladder: 'standard' }
  it.each<[what: string, kind: string, spec: object, expected: [string, string][]]>([
    ['a budget in no notation', 'limits', { ...limit, budget: 'soon' }, [['spec.budget', 'INVALID']]],
    ['a budget of nothing', 'limits', { ...limit, budget: '0m' }, [['spec.budget', 'INVALID']]],
    ['working days where work never rests', 'limits', { ...limit, budget: '2WD' }, [['spec.budget', 'INVALID']]],
    ['days of 24 hours where it does', 'limits', { ...limit, calendar: 'W', budget: '2d' }, [['spec.budget', 'INVALID']]],
    ['no budget where no date gives the limit', 'limits', { ...limit, budget: null }, [['spec.budget', 'REQUIRED']]],
    [
      'a calendar and a ladder that are not there',
      'limits',
      { ...limit, calendar: 'X', ladder: 'none' },
      [
        ['spec.calendar', 'INVALID'],
        ['spec.ladder', 'INVALID'],
      ],
    ],
    [
      'a part of a limit',
      'limits',
      { budget: '20m' },
      [
        ['spec.calendar', 'REQUIRED'],
        ['spec.ladder', 'REQUIRED'],
      ],
    ],
    ['what is no part of it', 'limits', { ...limit, process: 'x' }, [['spec.process', 'UNKNOWN_FIELD']]],
    ['the same again', 'dispatch/default', { mode: 'auto' }, [['spec', 'INVALID']]],
    ['a mode that there is not', 'dispatch/default', { mode: 'lottery' }, [['spec.mode', 'NOT_ONE_OF']]],
    [
      'rungs that do not rise',
      'ladders/standard',
      {
        rungs: [
          { pct: 100, to: ['assignee'] },
          { pct: 100, to: ['superior'] },
        ],
      },
      [['spec.rungs.1.pct', 'INVALID']],
    ],
    ['rungs without the overrun itself', 'ladders/standard', { rungs: [{ pct: 80, to: ['assignee'] }] }, [['spec.rungs', 'INVALID']]],
    [
      'a recipient and a message that nobody knows',
      'ladders/standard',
      { rungs: [{ pct: 100, to: ['assignee', 'the-cat'], template: 'meow' }] },
      [
        ['spec.rungs.0.to', 'INVALID'],
        ['spec.rungs.0.template', 'INVALID'],
      ],
    ],
    [
      'a discount of more than all',
      'authority/kac-director-city',
      { maxAmount: 1, maxTermMonths: 1, maxDiscountPct: 101 },
      [['spec.maxDiscountPct', 'TOO_LARGE']],
    ],
    [
      'an amount below nothing',
      'authority/kac-director-city',
      { maxAmount: -1, maxTermMonths: 1, maxDiscountPct: 1 },
      [['spec.maxAmount', 'TOO_SMALL']],
    ],
    ['half a fen', 'screening/customer-transfer', { minCharges: 0.5, minMonths: 1 }, [['spec.minCharges', 'WRONG_TYPE']]],
    ['no days', 'repeat/complaint', { days: 0 }, [['spec.days', 'TOO_SMALL']]],
  ])('%s', async (_what, kind, spec, expected) => {
    const path = kind === 'limits' ? `limits/${(await limitOf('graded-fault', 'dispatch-fault')).id}` : kind
    const before = await get(`/policies/${path}`)
    const { status, body } = await change('vp', path, { spec })
    expect([status, errors(body)]).toEqual([422, expected])
    expect(await get(`/policies/${path}`)).toEqual(before)
  })

  it('a change without a reason, in the past, or before what was announced', async () => {
    const path = 'validity/solution'
    expect(errors((await change('vp', path, { spec: { days: 7 }, note: ' ' })).body)).toEqual([['note', 'INVALID']])
    expect(errors((await change('vp', path, { spec: { days: 7 }, validFrom: iso(MONDAY - 1) })).body)).toEqual([['validFrom', 'INVALID']])
    expect((await change('vp', path, { spec: { days: 7 }, validFrom: iso(MONDAY + 60 * MINUTE) })).status).toBe(201)
    const early = await change('vp', path, { spec: { days: 8 }, validFrom: iso(MONDAY + 60 * MINUTE) })
    expect([early.status, errors(early.body), early.body.errors[0].detail]).toEqual([
      422,
      [['validFrom', 'INVALID']],
      `version 2 begins at ${iso(MONDAY + 60 * MINUTE)}; give a later instant`,
    ])
  })

  it('a rule of dispatch for what no process has', async () => {
    for (const id of ['none', 'graded-fault/none', 'graded-fault/toString', 'none/repair-fault'])
      expect([id, (await change('vp', `dispatch/${encodeURIComponent(id)}`, { spec: { mode: 'offer' } })).status]).toEqual([id, 404])
  })
})

describe('a change', () => {
  it('is the next version; the history shows who made it and why', async () => {
    const { id } = await limitOf('graded-fault', 'diagnose')
    const read = await (await door.as('vp')).get(`/policies/limits/${id}`)
    expect(read.headers.etag).toBe('"1"')
    const [first] = read.body.items as Item[]
    const spec = { ...first!.spec, budget: '45m' }
    const { status, body, headers } = await change('director', `limits/${id}`, {
      spec,
      validFrom: iso(MONDAY + 10 * MINUTE),
      note: 'too tight',
    })
    expect([status, headers.etag, headers.location]).toEqual([201, '"2"', `/api/v1/policies/limits/${id}`])
    expect(body).toMatchObject({
      preview: false,
      policy: { version: 2, state: 'announced', spec, mark: 'default', changedBy: person('director').id, note: 'too tight' },
      before: { version: 1, validTo: iso(MONDAY + 10 * MINUTE) },
      changes: [{ field: 'budget', from: first!.spec.budget, to: '45m' }],
    })
    expect(body.names[person('director').id].zh).toBe('顾晓峰')
    const { items } = await get(`/policies/limits/${id}`)
    expect(items.map(({ version, state, validFrom, validTo }: Item) => [version, state, validFrom, validTo])).toEqual([
      [2, 'announced', iso(MONDAY + 10 * MINUTE), null],
      [1, 'in-force', first!.validFrom, iso(MONDAY + 10 * MINUTE)],
    ])
    // What was valid says what it said.
    expect(items[1]).toMatchObject({ spec: first!.spec, mark: first!.mark, source: first!.source, changedBy: null })
    expect((await limitOf('graded-fault', 'diagnose')).version).toBe(1)
    door.now.value += 10 * MINUTE
    expect((await limitOf('graded-fault', 'diagnose')).version).toBe(2)
    door.now.value = MONDAY
    expect((await get('/policies?process=graded-fault&step=diagnose&history=true')).items.map(({ version }: Item) => version)).toContain(2)
  })

  it.each<[string, object]>([
    [
      'ladders/take-ticket',
      {
        rungs: [
          { pct: 50, to: ['assignee'], template: 'limit-warning' },
          { pct: 100, to: ['superior', 'vp-in-charge'] },
        ],
      },
    ],
    ['authority/kac-director-city', { maxAmount: 5, maxTermMonths: 6, maxDiscountPct: 7.5 }],
    ['dispatch/graded-fault%2Frepair-fault', { mode: 'offer' }],
    ['screening/customer-transfer', { minCharges: 300_000, minMonths: 3 }],
    ['repeat/complaint', { days: 60 }],
    ['review/potential-demand', { days: 45 }],
  ])('of %s is written whole, a second from now where no instant is given', async (path, spec) => {
    expect((await change('vp', path, { spec })).status).toBe(201)
    const { items } = await get(`/policies/${path}`)
    expect(items[0]).toMatchObject({ version: 2, spec, validFrom: iso(MONDAY + 1000), changedBy: person('vp').id })
    expect(items[1]).toMatchObject({ version: 1, state: 'in-force', validTo: iso(MONDAY + 1000) })
  })

  it('gives a step a rule of dispatch of its own', async () => {
    const path = `dispatch/${encodeURIComponent('graded-fault/diagnose')}`
    const { status, body } = await change('supervisor', path, { spec: { mode: 'manual' } }, { 'If-Match': '"0"' })
    expect([status, body.policy.version, body.before]).toEqual([201, 1, null])
    expect(body.policy.title.en).toContain('How it is dispatched')
  })

  it('is refused where another came first', async () => {
    const path = 'review/potential-demand'
    const { headers } = await (await door.as('vp')).get(`/policies/${path}`)
    const match = { 'If-Match': headers.etag as string }
    const validFrom = iso(MONDAY + 20 * MINUTE)
    const [one, two] = await Promise.all([
      change('vp', path, { spec: { days: 11 }, validFrom }, match),
      change('director', path, { spec: { days: 12 }, validFrom: iso(MONDAY + 30 * MINUTE) }, match),
    ])
    expect([one.status, two.status].sort((a, b) => a - b)).toEqual([201, 412])
    expect([one, two].find(({ status }) => status === 412)!.body.code).toBe('POLICY_CHANGED')
  })

  it('takes effect once for its key', async () => {
    const path = 'repeat/complaint'
    const key = { 'Idempotency-Key': randomUUID() }
    const body = { spec: { days: 21 }, validFrom: iso(MONDAY + 40 * MINUTE) }
    const first = await change('vp', path, body, key)
    const again = await change('vp', path, body, key)
    expect([first.status, again.status, again.headers['idempotent-replayed']]).toEqual([201, 200, 'true'])
    expect(again.body).toEqual(first.body)
    const other = await change('vp', path, { ...body, spec: { days: 22 } }, key)
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
    expect((await get(`/policies/${path}`)).items[0].version).toBe(first.body.policy.version)
  })

  it('leaves what was there as it was, whatever was tried', async () => {
    const { rows } = await door.db.pool.query(
      `SELECT (SELECT count(*)::int FROM policy WHERE changed_by IS NULL AND valid_to IS NOT NULL) AS closed,
              (SELECT count(*)::int FROM policy WHERE changed_by IS NOT NULL) AS added,
              (SELECT count(DISTINCT kind) FROM rule WHERE changed_by IS NULL)::int AS kinds`,
    )
    expect(rows[0]).toEqual({ closed: 1, added: 1, kinds: ruleKinds.length })
  })
})

describe('a preview', () => {
  it('tells the difference and the open orders concerned, and changes nothing', async () => {
    const order = await startFault(door, { region: '/cn/js/nj' })
    const elsewhere = await startFault(door, { region: '/cn/js/sz' })
    const { id, spec } = await limitOf('graded-fault', 'accept-fault')
    const state = async () =>
      (
        await door.db.pool.query(
          `SELECT (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.id) FROM policy p) AS policies,
                  (SELECT jsonb_agg(o.state ORDER BY o.id) FROM orders o) AS orders, (SELECT count(*) FROM idempotency_key) AS keys`,
        )
      ).rows[0] as object
    const before = await state()
    const { status, body } = await change('vp', `limits/${id}?preview=true`, { spec: { ...spec, budget: '99m' } })
    expect([status, body.preview, body.policy.version]).toEqual([200, true, 2])
    expect(body.changes).toEqual([{ field: 'budget', from: spec.budget, to: '99m' }])
    const ids = body.orders.items.map((item: Item) => item.id)
    expect(ids).toEqual(expect.arrayContaining([order, elsewhere]))
    expect(body.orders.count).toBe(ids.length)
    expect(body.orders.items.find((item: Item) => item.id === order)).toMatchObject({
      keeps: 1,
      process: 'graded-fault',
      region: expect.stringMatching(/^\/cn\/js\/nj/) as string,
    })
    expect(await state()).toEqual(before)
  })

  it('concerns what the row names, and closed orders never', async () => {
    const { items } = await get('/policies?process=graded-fault')
    const graded = items.find(
      ({ applies }: Item) => applies.customerGrade !== null || applies.productGroup !== null || applies.tag !== null,
    )
    const all = await change('vp', 'dispatch/graded-fault?preview=true', { spec: { mode: 'manual' } })
    const some = await change('vp', `limits/${graded.id}?preview=true`, { spec: { ...graded.spec, budget: '7m' } })
    expect(some.body.orders.count).toBeLessThan(all.body.orders.count)
    await door.db.pool.query(`UPDATE orders SET status = 'closed', "end" = 'closed', closed_at = now()`)
    const closed = await change('vp', 'dispatch/graded-fault?preview=true', { spec: { mode: 'manual' } })
    expect([all.body.orders.count > 0, closed.body.orders.count]).toEqual([true, 0])
    await door.db.pool.query(`UPDATE orders SET status = 'open', "end" = NULL, closed_at = NULL`)
  })
})

describe('orders', () => {
  it('keep the limit and the way of dispatch that they began with; those after have the new ones', async () => {
    const monitor = await door.as('monitor')
    const diagnosing = async (order: string) => {
      expect((await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })).status).toBe(200)
      expect((await monitor.command(order, { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })).status).toBe(200)
      const { clocks } = await get(`/orders/${order}`, 'xiaomei.lin')
      return (clocks as Item[]).find(({ clock }) => clock === 'diagnose.1/complete')!.budgetMs as number
    }
    const modeOf = async (order: string) =>
      (await door.db.pool.query("SELECT state #>> '{tasks,accept-fault.1,mode}' AS mode FROM orders WHERE id = $1", [order])).rows[0].mode
    const { id, spec } = await limitOf('graded-fault', 'diagnose')
    const validFrom = iso(MONDAY + 15 * MINUTE)
    expect((await change('vp', `limits/${id}`, { spec: { ...spec, budget: '3h' }, validFrom })).status).toBe(201)
    const rule = `dispatch/${encodeURIComponent('graded-fault/accept-fault')}`
    expect((await change('vp', rule, { spec: { mode: 'offer' }, validFrom })).status).toBe(201)
    door.now.value = MONDAY + 14 * MINUTE
    const old = await startFault(door)
    door.now.value = MONDAY + 15 * MINUTE
    const young = await startFault(door)
    expect([await modeOf(old), await modeOf(young)]).toEqual([null, 'offer'])
    const budgets = [await diagnosing(old), await diagnosing(young)]
    expect(budgets[1]).toBe(180 * MINUTE)
    expect(budgets[0]).not.toBe(budgets[1])
    const { body } = await change('vp', `limits/${id}?preview=true`, { spec: { ...spec, budget: '4h' } })
    const keeps = Object.fromEntries((body.orders.items as Item[]).map((item) => [item.id, item.keeps]))
    expect(keeps[young]).toBe(keeps[old] + 1)
    door.now.value = MONDAY
  })
})
