import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../../api/routes/index.ts'
import { lanes } from '../../api/schemas/task.ts'
import { people, person } from '../../prisma/seed/organisation.ts'
import { type Caller, type Door, MINUTE, openDoor, startFault } from './support/door.ts'

let door: Door
/** One order in each of the two cities, and one that a vendor's product brought to a vendor. */
let nanjing: string
let suzhou: string
let vendors: string
beforeAll(async () => {
  door = await openDoor()
  nanjing = await startFault(door, { region: '/cn/js/nj' })
  suzhou = await startFault(door, { region: '/cn/js/sz' })
  vendors = await startFault(door, { region: '/cn/js/sz' })
  for (const [order, unit] of [[vendors, 'vendor-yunqiao']] as const) {
    const monitor = await door.as('xue.feng')
    for (const body of [
      { type: 'accept', task: 'accept-fault.1' },
      { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
      { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: 'theirs' } },
      { type: 'complete', task: 'dispatch-fault.1', outcome: 'dispatched', form: { unit } },
    ])
      expect((await monitor.command(order, body)).status).toBe(200)
  }
  // So that rungs fire and somebody is told.
  door.now.value += 60 * MINUTE
  for (const order of [nanjing, suzhou, vendors]) await door.engine.tick(order)
})
afterAll(() => door.close())

/** Lists that answer without being asked for something in particular; the others have tests of their own. */
const others = [
  ...['getRepeats', 'search', 'listTimeline', 'reportBreaches', 'reportTimeLost', 'reportLoad', 'verifyAdminLog', 'getHealth'],
]
const isList = (op: (typeof operations)[number]): boolean =>
  op.method === 'get' && !op.params && op.answers[200]?.schema !== undefined && !others.includes(op.id)

const idsOf = async (caller: Caller, path: string): Promise<string[]> => {
  const { body } = await caller.get(path)
  return [...new Set((body.items as { id?: string; order?: string }[]).map(({ id, order }) => order ?? id!))].sort()
}

describe('what is in sight', () => {
  it('is one thing for lists and for single orders, for everybody', async () => {
    const orders = [nanjing, suzhou, vendors]
    for (const { login } of people) {
      const caller = await door.as(login)
      const listed = await idsOf(caller, '/orders')
      for (const order of orders) {
        const { status } = await caller.get(`/orders/${order}`)
        expect([login, order, status]).toEqual([login, order, listed.includes(order) ? 200 : 404])
      }
    }
  })

  it.each([
    ['lixin.song', () => [nanjing]],
    ['engineer', () => [nanjing]],
    ['xue.feng', () => [suzhou, vendors]],
    ['xiaomei.lin', () => [nanjing, suzhou, vendors]],
    ['vp', () => [nanjing, suzhou, vendors]],
    ['auditor', () => [nanjing, suzhou, vendors]],
    ['vendor', () => [vendors]],
    ['yuan.fang', () => []],
  ])('for %s is the own region, and what involves him', async (login, expected) => {
    const caller = await door.as(login)
    expect(await idsOf(caller, '/orders')).toEqual(expected().sort())
    for (const path of ['/tasks?lane=all', '/breaches'])
      expect((await idsOf(caller, path)).every((order) => expected().includes(order))).toBe(true)
  })

  it('of a region is not of another whose name begins alike', async () => {
    await door.db.pool.query("INSERT INTO region VALUES ('/cn/js/n', 'x', 'x', 'city')")
    const { id } = await door.as('jianping.xu')
    await door.db.pool.query("UPDATE staff SET region_path = '/cn/js/n' WHERE id = $1", [id])
    expect(await idsOf(await door.as('jianping.xu'), '/orders')).not.toContain(nanjing)
    await door.db.pool.query("UPDATE staff SET region_path = '/cn/js/sz' WHERE id = $1", [id])
  })

  it('comes with a task, and goes with it', async () => {
    const station = await door.as('ran.wei')
    const lead = await door.as('lixin.song')
    expect((await station.get(`/orders/${nanjing}`)).status).toBe(404)
    const before = await (await door.as('xiaomei.lin')).command(nanjing, { type: 'set-priority', priority: 1 })
    expect(before.status).toBe(200)
    await door.db.pool.query("UPDATE task SET person_id = $1 WHERE order_id = $2 AND task = 'accept-fault.1'", [station.id, nanjing])
    expect((await station.get(`/orders/${nanjing}`)).status).toBe(200)
    expect(await idsOf(station, '/orders')).toContain(nanjing)
    expect(await idsOf(station, '/tasks')).toContain(nanjing)
    await door.db.pool.query("UPDATE task SET person_id = NULL WHERE order_id = $1 AND task = 'accept-fault.1'", [nanjing])
    expect((await station.get(`/orders/${nanjing}`)).status).toBe(404)
    expect((await lead.get(`/orders/${nanjing}`)).status).toBe(200)
  })

  it('comes with a signature that is asked for', async () => {
    const station = await door.as('ran.wei')
    await door.db.pool.query(
      "INSERT INTO signature (order_id, task, party, roles, mandatory, person_id, asked_at) VALUES ($1, 'accept-fault.1', 'risk', '{lawyer}', false, $2, now())",
      [nanjing, station.id],
    )
    expect((await station.get(`/orders/${nanjing}`)).status).toBe(200)
    const { body } = await station.get('/tasks')
    expect(body.items).toMatchObject([{ order: nanjing, task: 'accept-fault.1', party: 'risk', person: station.id }])
    expect(body.counts.mine).toBe(1)
    await door.db.pool.query('DELETE FROM signature')
  })

  it('goes over to whom an absent colleague has named, for as long as he is away', async () => {
    const deputy = await door.as('ran.wei')
    const away = person('monitor').id
    await door.db.pool.query("UPDATE task SET person_id = $1 WHERE order_id = $2 AND task = 'accept-fault.1'", [away, nanjing])
    await door.db.pool.query("INSERT INTO delegation VALUES ('d1', $1, $2, '2026-01-01', '2026-02-01', '{}')", [away, deputy.id])
    expect((await deputy.get(`/orders/${nanjing}`)).status).toBe(404)
    await door.db.pool.query("INSERT INTO absence VALUES ('a1', $1, '2026-01-01', '2026-01-06', 'sick')", [away])
    expect((await deputy.get(`/orders/${nanjing}`)).status).toBe(200)
    expect(await idsOf(deputy, '/tasks')).toContain(nanjing)
    const now = door.now.value
    door.now.value = Date.UTC(2026, 0, 6)
    expect((await deputy.get(`/orders/${nanjing}`)).status).toBe(404)
    door.now.value = now
    await door.db.pool.query('DELETE FROM delegation; DELETE FROM absence')
    await door.db.pool.query("UPDATE task SET person_id = NULL WHERE order_id = $1 AND task = 'accept-fault.1'", [nanjing])
  })
})

describe('a stranger', () => {
  /** Somebody of the company in a place where nothing is, and somebody of another company whom nothing involves. */
  const strangers = ['zhiyuan.cai', 'yuan.fang']

  it.each(strangers)('%s sees nothing on any list', async (login) => {
    await door.db.pool.query("INSERT INTO region VALUES ('/cn/nowhere', 'x', 'x', 'city') ON CONFLICT DO NOTHING")
    const stranger = await door.as(login)
    await door.db.pool.query(
      "INSERT INTO org_unit (id, name_zh, name_en, kind, region_path) VALUES ('nowhere', 'x', 'x', 'maintenance', '/cn/nowhere') ON CONFLICT DO NOTHING",
    )
    if (login === 'zhiyuan.cai') {
      await door.db.pool.query("UPDATE staff SET region_path = '/cn/nowhere', unit_id = 'nowhere' WHERE id = $1", [stranger.id])
      await door.db.pool.query("UPDATE staff_role SET unit_id = 'nowhere' WHERE staff_id = $1", [stranger.id])
    }
    const lists = operations.filter((op) => isList(op) && !['whoAmI', 'listSessions'].includes(op.id))
    expect(lists.map(({ id }) => id)).toEqual([
      'listTokens',
      'listOrders',
      'listTasks',
      'listBreaches',
      'listNotifications',
      'listLoad',
      'listViews',
      'listCustomers',
      'listServices',
      'listProducts',
      'listStaff',
      'listUnits',
      'listRegions',
      'listResources',
      'listContracts',
      'listSolutions',
      'listPayments',
      'listProcesses',
      'listPolicies',
      'listCalendars',
      'listSchedules',
      'listModels',
      'listDetections',
      'listCases',
      'listCampaigns',
      'listAgents',
      'listSettlementVariables',
      'listSchemes',
      'listSettlementRuns',
      'listBills',
      'getFindings',
      'listPeople',
      'listAdminLog',
    ])
    for (const op of lists) {
      // Processes, products and limits are the same for all of the company.
      if (['listProcesses', 'listProducts', 'listPolicies', 'listCalendars'].includes(op.id)) continue
      const { status, body } = await stranger.get(op.path)
      // He may name himself and his own place.
      const own =
        op.id === 'listStaff'
          ? [stranger.id]
          : op.id === 'listLoad'
            ? [undefined]
            : op.id === 'listUnits'
              ? ['nowhere']
              : op.id === 'listRegions'
                ? [undefined]
                : []
      // Money is for finance and for those who lead, the system's own health for those who lead the province.
      const money = ['Settlement', 'Retention', 'Administration', 'Health', 'People'].includes(op.tag) || op.id === 'listPayments'
      if (status === 403) expect([op.id, login]).toEqual([op.id, money ? login : 'yuan.fang'])
      else expect([op.id, status, body.items.map((item: { id: string }) => item.id)]).toEqual([op.id, 200, own])
    }
    for (const lane of lanes) {
      const { body } = await stranger.get(`/tasks?lane=${lane}`)
      expect([lane, body.items, body.counts]).toEqual([lane, [], Object.fromEntries(lanes.map((name) => [name, 0]))])
    }
  })

  it.each(strangers)('%s finds no order by any address', async (login) => {
    const stranger = await door.as(login)
    const file = await (await door.as('xiaomei.lin'))
      .raw('post', `/orders/${nanjing}/attachments`)
      .set('Idempotency-Key', randomUUID())
      .attach('file', Buffer.from('x'), 'x.txt')
    const value: Record<string, string> = {
      id: nanjing,
      order: nanjing,
      task: 'accept-fault.1',
      file: file.body.id,
      command: 'x',
      link: 'x',
      verification: '1',
    }
    const single = operations.filter(({ path }) => /\/orders\/\{id\}|\/tasks\/\{order\}/.test(path))
    expect(single).toHaveLength(24)
    for (const op of single) {
      const path = op.path.replace(/\{(\w+)\}/g, (_, name: string) => value[name]!)
      const query = op.id === 'getOrderAt' ? '?seq=1' : op.id === 'compareMoments' ? '?from=1&to=1' : ''
      const asked = {
        get: () => stranger.get(`${path}${query}`),
        post: () => stranger.post(path, op.id === 'giveCommand' ? { type: 'urge' } : {}),
        delete: () => stranger.del(path),
      }
      const { status } = await asked[op.method]()
      expect([op.id, status]).toEqual([op.id, 404])
    }
  })
})

describe("a vendor's person", () => {
  it('works on what was offered to the company, and sees no colleague’s business', async () => {
    const vendor = await door.as('vendor')
    const order = (await vendor.get(`/orders/${vendors}`)).body
    expect(order.allowed.map((one: { command: string }) => one.command)).toEqual(expect.arrayContaining(['accept', 'refuse', 'comment']))
    expect(order.allowed.map((one: { command: string }) => one.command)).not.toEqual(expect.arrayContaining(['withdraw']))
    for (const path of ['events', 'at?seq=1', 'verification', 'verifications', 'verifications/1'])
      expect([path, (await vendor.get(`/orders/${vendors}/${path}`)).status]).toEqual([path, 403])
    for (const path of ['/customers', '/services', '/staff', '/units', '/policies', '/schedules'])
      expect([path, (await vendor.get(path)).status]).toEqual([path, 403])
    expect(await idsOf(vendor, '/tasks?lane=unit')).toEqual([vendors])
  })

  it('may not decide what his leader decides among ours, whatever his title', async () => {
    const leader = await door.as('vendor')
    expect(person('vendor').roles).toContain('supervisor')
    for (const body of [
      { type: 'withdraw', reason: 'r' },
      { type: 'dispatch', task: 'take-ticket.1', unit: 'vendor-yunqiao' },
      { type: 'extend', clock: 'repair', by: 1000, reason: 'r' },
      { type: 'grant-extension', task: 'take-ticket.1' },
      { type: 'deny-extension', task: 'take-ticket.1', reason: 'r' },
      { type: 'set-priority', priority: 4 },
    ]) {
      const response = await leader.command(vendors, body)
      expect([body.type, response.status, response.body.code]).toEqual([body.type, 403, 'NOT_ALLOWED'])
    }
    expect((await leader.command(vendors, { type: 'accept', task: 'take-ticket.1' })).status).toBe(200)
    // The clock runs against him: pausing it is for our supervisor to approve (P-14 rule 4).
    const asked = await leader.command(vendors, { type: 'suspend', task: 'repair-fault.1', reason: 'no access', party: 'customer' })
    expect(asked.status).toBe(200)
    const task = (await leader.get(`/orders/${vendors}`)).body.tasks.find((one: { step: string }) => one.step === 'repair-fault')
    expect([task.suspended, task.suspendAsked.by]).toEqual([null, leader.id])
    const ours = await door.as('desheng.tang')
    const pause = { type: 'suspend', task: task.task, reason: 'no access', party: 'customer', until: '2026-01-05T18:00:00+08:00' }
    expect((await ours.command(vendors, pause)).status).toBe(200)
    const more = { type: 'ask-extension', task: task.task, clock: 'repair', by: 1000, reason: 'no spare part' }
    expect((await ours.command(vendors, { type: 'resume', task: task.task })).status).toBe(200)
    expect((await ours.command(vendors, more)).body.code).toBe('NOT_ASSIGNEE')
    expect((await leader.command(vendors, more)).status).toBe(200)
    expect((await leader.command(vendors, { type: 'grant-extension', task: task.task })).body.code).toBe('NOT_ALLOWED')
    expect((await ours.get('/tasks?lane=approvals')).body.items).toMatchObject([
      { order: vendors, extensionAsked: { clock: 'repair', by: leader.id } },
    ])
    expect((await ours.command(vendors, { type: 'grant-extension', task: task.task })).status).toBe(200)
    expect((await ours.command(vendors, pause)).status).toBe(200)
    const after = (await leader.get(`/orders/${vendors}`)).body
    expect(after.tasks.find((one: { step: string }) => one.step === 'repair-fault').suspended).toEqual({
      reason: 'no access',
      party: 'customer',
      until: '2026-01-05T10:00:00.000Z',
    })
  })

  it('may pass a task on to a colleague, and to nobody of ours', async () => {
    const leader = await door.as('vendor')
    const task = (await leader.get(`/orders/${vendors}`)).body.tasks.find((one: { step: string }) => one.step === 'repair-fault').task
    const pass = (to: string) => leader.command(vendors, { type: 'reassign', task, person: to, reason: 'busy' })
    expect((await pass(person('engineer').id)).body.code).toBe('UNKNOWN_REFERENCE')
    expect((await pass(person('yuan.fang').id)).body.code).toBe('UNKNOWN_REFERENCE')
    expect((await pass(person('bingjie.fan').id)).status).toBe(200)
  })

  it('is told why he was asked, and not why others were', async () => {
    const vendor = await door.as('vendor')
    expect((await vendor.get(`/tasks/${vendors}/accept-fault.1/offer`)).status).toBe(403)
  })
})

describe('reading', () => {
  /** What each kind of person gets on every list; everything else is 200. */
  const forbidden: Record<string, string[]> = {
    vendor: [
      '/customers',
      '/services',
      '/products',
      '/staff',
      '/staff/load',
      '/units',
      '/regions',
      '/resources',
      '/contracts',
      '/solutions',
      '/policies',
      '/calendars',
      '/schedules',
    ],
  }
  /** Who reads what has to do with money; finance the payments and the settlement only. */
  const leaders = ['vp', 'director', 'supervisor', 'dispatcher', 'auditor']
  const readers: Record<string, string[]> = {
    Payments: [...leaders, 'finance'],
    Settlement: [...leaders, 'finance'],
    Retention: [...leaders, 'kac', 'manager'],
    Administration: ['auditor'],
    People: ['vp', 'director'],
    Health: leaders.filter((login) => login !== 'dispatcher'),
  }
  const logins = [
    'vp',
    'director',
    'supervisor',
    'kac',
    'manager',
    'xiaomei.lin',
    'hotline',
    'dispatcher',
    'engineer',
    'business',
    'finance',
    'lawyer',
    'vendor',
    'auditor',
  ]

  it.each(logins)('every list as %s', async (login) => {
    const caller = await door.as(login)
    for (const op of operations.filter(isList)) {
      const { status } = await caller.get(op.path)
      const not = readers[op.tag] ? !readers[op.tag]!.includes(login) : forbidden[login]?.includes(op.path)
      expect([op.path, status]).toEqual([op.path, not ? 403 : 200])
    }
  })

  it.each(operations.filter((op) => !op.public))('without a session: $method $path', async ({ method, path }) => {
    const { status, body } =
      method === 'get' ? await door.anybody.get(path) : method === 'post' ? await door.anybody.post(path, {}) : await door.anybody.del(path)
    expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED'])
  })
})
