import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EngineRefused } from '../../api/engine-errors.ts'
import { ASKED_MS, holdFor } from '../../api/orders/holds.ts'
import { strayHolds } from '../../api/queries/resources.ts'
import type { Fact } from '../../domain/order/spec.ts'
import { orderFulfilmentSpec } from '../../domain/processes/order-fulfilment.ts'
import { type Caller, type Door, MONDAY, openDoor } from './support/door.ts'
import { complete, did, openTask, startOrder } from './support/play.ts'

let door: Door
/** One sees the province, the other Nanjing. */
let province: Caller
let nanjing: Caller
beforeAll(async () => {
  door = await openDoor()
  province = await door.as('director')
  nanjing = await door.as('engineer')
})
afterAll(() => door.close())
beforeEach(() => {
  door.now.value = MONDAY
  door.engine.mood = 'well'
  door.engine.refusal = undefined
})

interface Item {
  id: string
  no: string
  kind: string
  region: string
  state: string
  blocked: boolean
  hold: { order: { id: string; no: string } | null; state: string; until: string | null } | null
}

const list = async (caller: Caller, query = ''): Promise<Item[]> => {
  const items: Item[] = []
  for (let next: string | null = ''; next !== null; ) {
    const { status, body } = await caller.get(`/resources?limit=200${query}${next && `&cursor=${next}`}`)
    expect(status).toBe(200)
    items.push(...(body.items as Item[]))
    next = body.page.next as string | null
  }
  return items
}
const one = async (caller: Caller, id: string) => (await caller.get(`/resources/${id}`)).body as Item & { history: { state: string }[] }

const construction = {
  contract: 'co-001',
  constructionDue: '2026-03-01T10:00:00+08:00',
  siteA: 'A',
  siteContact: 'Mr Li',
  circuitsNeeded: 'one of 155M',
}
/** A construction that waits for its circuits. */
async function granted(): Promise<string> {
  const { rows } = await door.db.pool.query('SELECT customer_id FROM contract WHERE id = $1', [construction.contract])
  const order = await startOrder(door, 'construction', construction, { by: 'director', customer: rows[0].customer_id })
  await did(door, order, 'apply-start', 'granted', { constructionDue: construction.constructionDue })
  const { task, by } = await openTask(door, order, 'prepare-circuit')
  await by.command(order, { type: 'accept', task })
  return order
}
const prepare = async (order: string, circuits: unknown) => complete(door, order, 'prepare-circuit', 'ready', { circuits })
let stock: Item[] = []
beforeAll(async () => {
  stock = await list(province, '&kind=circuit&free=true&region=/cn/js/nj/gulou')
})
/** A free circuit that no other test has had. */
const fresh = () => stock.pop()!
const holds = async (id: string) =>
  (
    await door.db.pool.query('SELECT order_id, state, until, released_at FROM resource_hold WHERE resource_id = $1 ORDER BY since, id', [
      id,
    ])
  ).rows

describe('resources to choose from', () => {
  it('are those of the own region and below, in pages', async () => {
    const all = await list(province)
    expect(all.length).toBe(6 * 360)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const mine = await list(nanjing)
    expect(mine.map(({ id }) => id)).toEqual(all.filter(({ region }) => /^\/cn\/js\/nj(\/|$)/.test(region)).map(({ id }) => id))
    const far = all.find(({ region }) => region === '/cn/js/sz')!
    expect((await nanjing.get(`/resources/${far.id}`)).status).toBe(404)
  })

  it('can be narrowed by kind, region, product, number, and by being free', async () => {
    const circuits = await list(province, '&kind=circuit&region=/cn/js/nj')
    expect(circuits.every(({ kind, region }) => kind === 'circuit' && /^\/cn\/js\/nj(\/|$)/.test(region))).toBe(true)
    expect(circuits).toHaveLength(3 * 160)
    expect((await list(province, '&q=nj-gulou-n')).every(({ no }) => no.startsWith('NJ-GULOU-N'))).toBe(true)
    expect((await list(province, '&product=4008')).every(({ kind }) => kind === 'number')).toBe(true)
    const [free, taken] = [await list(province, '&kind=port&free=true'), await list(province, '&kind=port&free=false')]
    expect([free.length + taken.length, free.some(({ blocked }) => blocked), taken.every(({ blocked }) => blocked)]).toEqual([
      720,
      false,
      true,
    ])
    expect((await province.get('/resources?kind=tree')).body.errors).toMatchObject([{ field: 'kind', code: 'NOT_ONE_OF' }])
    expect((await province.get('/resources?cursor=nonsense')).body.code).toBe('BAD_CURSOR')
  })
})

describe('a command that names resources', () => {
  it('holds them for the order, which the record then confirms', async () => {
    const order = await granted()
    const [a, b] = [fresh(), fresh()]
    expect((await prepare(order, [a.id, b.id])).status).toBe(200)
    for (const { id } of [a, b])
      expect(await one(province, id)).toMatchObject({
        state: 'reserved',
        hold: { order: { id: order }, state: 'reserved', until: null },
        history: [],
      })
    expect((await list(province, `&free=true&q=${a.no}`)).length).toBe(0)
    expect((await list(province, `&free=false&q=${a.no}`)).map(({ id }) => id)).toEqual([a.id])
  })

  it('takes all or none: one that another has is named, with its holder only to whom may see him', async () => {
    const [first, second] = [await granted(), await granted()]
    const [a, b] = [fresh(), fresh()]
    expect((await prepare(first, [a.id])).status).toBe(200)
    const refused = await prepare(second, [b.id, a.id])
    const { no } = (await door.db.pool.query('SELECT no FROM orders WHERE id = $1', [first])).rows[0]
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([409, 'RESOURCE_TAKEN', a.no])
    expect(refused.body.errors).toEqual([
      {
        field: 'form.circuits',
        code: 'RESOURCE_TAKEN',
        detail: `${a.no}, held by ${no}`,
        says: { zh: `${a.no} 已被工单 ${no} 占用`, en: `${a.no}, held by ${no}` },
      },
    ])
    expect(await holds(b.id)).toEqual([])
    // The resource lies in Nanjing, the order that has it in Suzhou.
    await door.db.pool.query("UPDATE orders SET region_path = '/cn/js/sz' WHERE id = $1", [first])
    expect(await one(nanjing, a.id)).toMatchObject({ state: 'reserved', hold: { order: null } })
    await door.db.pool.query("UPDATE task SET person_id = $1, unit_id = NULL WHERE order_id = $2 AND step = 'prepare-circuit'", [
      nanjing.id,
      second,
    ])
    const hidden = await nanjing.command(second, {
      type: 'complete',
      task: 'prepare-circuit.1',
      outcome: 'ready',
      form: { circuits: [a.id] },
    })
    expect(hidden.body).toMatchObject({ code: 'RESOURCE_TAKEN', errors: [{ detail: a.no }] })
    expect(JSON.stringify(hidden.body)).not.toContain(no)
    expect(await holds(b.id)).toEqual([])
  })

  it('names none that is unknown, out of use or out of the region', async () => {
    const order = await granted()
    const blocked = (await list(province, '&kind=circuit&free=false')).find((item) => item.blocked)!
    for (const id of ['re-none', blocked.id]) {
      const { status, body } = await prepare(order, [fresh().id, id])
      expect([status, body.code, body.errors]).toEqual([
        422,
        'UNKNOWN_REFERENCE',
        [
          {
            field: 'form.circuits',
            code: 'UNKNOWN_REFERENCE',
            detail: `no resource ${id}`,
            says: { zh: `没有资源 ${id}`, en: `no resource ${id}` },
          },
        ],
      ])
    }
    const far = (await list(province, '&kind=circuit&region=/cn/js/sz&free=true'))[0]!
    await door.db.pool.query("UPDATE task SET person_id = $1, unit_id = NULL WHERE order_id = $2 AND step = 'prepare-circuit'", [
      nanjing.id,
      order,
    ])
    const { body } = await nanjing.command(order, {
      type: 'complete',
      task: 'prepare-circuit.1',
      outcome: 'ready',
      form: { circuits: [far.id] },
    })
    expect(body).toMatchObject({ code: 'UNKNOWN_REFERENCE', detail: `no resource ${far.id}` })
    expect(await holds(far.id)).toEqual([])
  })

  it('that is refused gives them back', async () => {
    const order = await granted()
    const { id } = fresh()
    door.engine.refusal = new EngineRefused('STALE_VERSION')
    expect((await prepare(order, [id])).body.code).toBe('STALE_VERSION')
    door.engine.refusal = undefined
    expect(await holds(id)).toMatchObject([{ order_id: order, state: 'released' }])
    // By the order's own rules, too, and a form of a wrong type holds nothing.
    const { by } = await openTask(door, order, 'prepare-circuit')
    const wrong = { type: 'complete', task: 'prepare-circuit.1', outcome: 'ready', form: { circuits: [id], colour: 'red' } }
    expect((await by.command(order, wrong)).body.code).toBe('FORM_INVALID')
    expect((await prepare(order, id)).body.code).toBe('FORM_INVALID')
    expect((await holds(id)).map(({ state }) => state)).toEqual(['released', 'released'])
    expect((await prepare(order, [id])).status).toBe(200)
    expect((await one(province, id)).history.map(({ state }) => state)).toEqual(['released', 'released'])
  })

  it('whose answer is lost keeps them until the hold ends, and no longer', async () => {
    const [order, other] = [await granted(), await granted()]
    const { id } = fresh()
    const { task, by } = await openTask(door, order, 'prepare-circuit')
    door.engine.mood = 'late-before'
    expect((await by.command(order, { type: 'complete', task, outcome: 'ready', form: { circuits: [id] } })).status).toBe(202)
    door.engine.mood = 'well'
    expect(await one(province, id)).toMatchObject({ state: 'asked', hold: { until: new Date(MONDAY + ASKED_MS).toISOString() } })
    expect((await prepare(other, [id])).body.code).toBe('RESOURCE_TAKEN')
    door.now.value = MONDAY + ASKED_MS + 1
    expect(await one(province, id)).toMatchObject({ state: 'free', hold: null })
    expect((await prepare(other, [id])).status).toBe(200)
    expect((await holds(id)).map(({ order_id, state }) => [order_id, state])).toEqual([
      [order, 'released'],
      [other, 'reserved'],
    ])
  })

  it('that was done although its answer was lost has them', async () => {
    const order = await granted()
    const { id } = fresh()
    const { task, by } = await openTask(door, order, 'prepare-circuit')
    door.engine.mood = 'late-after'
    const headers = { 'Idempotency-Key': 'lost' }
    const body = { type: 'complete', task, outcome: 'ready', form: { circuits: [id] } }
    expect((await by.command(order, body, headers)).status).toBe(202)
    door.engine.mood = 'well'
    expect((await by.command(order, body, headers)).headers['idempotent-replayed']).toBe('true')
    expect(await holds(id)).toMatchObject([{ order_id: order, state: 'reserved' }])
  })

  it('does not give back what another command of the order relies on', async () => {
    const order = await granted()
    const { id } = fresh()
    const { task, by } = await openTask(door, order, 'prepare-circuit')
    const body = { type: 'complete', task, outcome: 'ready', form: { circuits: [id] } }
    door.engine.mood = 'late-before'
    expect((await by.command(order, body)).status).toBe(202)
    door.engine.mood = 'well'
    door.engine.refusal = new EngineRefused('STALE_VERSION')
    expect((await by.command(order, body)).status).toBe(412)
    expect(await holds(id)).toMatchObject([{ order_id: order, state: 'asked', until: new Date(MONDAY + ASKED_MS + 1) }])
  })

  it('of several orders at once: exactly one has the circuit, every time', async () => {
    for (let round = 0; round < 3; round++) {
      const orders = await Promise.all(Array.from({ length: 5 }, granted))
      const [wanted, spare] = [fresh(), fresh()]
      const desks = await Promise.all(orders.map((order) => openTask(door, order, 'prepare-circuit')))
      // Named in different orders, so that they would wait for each other.
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => {
          const circuits = i % 2 ? [wanted.id, spare.id] : [spare.id, wanted.id]
          const { task, by } = desks[i % 5]!
          return by.command(orders[i % 5]!, { type: 'complete', task, outcome: 'ready', form: { circuits } })
        }),
      )
      const won = new Set(answers.flatMap(({ status }, i) => (status === 200 ? [orders[i % 5]] : [])))
      expect(won.size).toBe(1)
      // Once it is done, the winner's own repeats find nothing left to do.
      for (const { status, body } of answers)
        expect([200, 'RESOURCE_TAKEN', 'NO_SUCH_TASK', 'TASK_CLOSED']).toContain(status === 200 ? 200 : body.code)
      for (const { id } of [wanted, spare]) {
        const open = (await holds(id)).filter(({ released_at }) => released_at === null)
        expect(open).toMatchObject([{ order_id: [...won][0], state: 'reserved' }])
      }
    }
  })
})

/** By its number, and the id that the form takes. */
const shown = ({ no, id }: { no: string; id: string }): string => `${no} (${id})`

describe('the file of a finished order', () => {
  const file = async (order: string, resources?: Fact) => {
    const form: Record<string, Fact> = resources === undefined ? {} : { resources }
    const command = { type: 'complete', task: 'archive-project.1', outcome: 'archived', form } as const
    // Who asks plays no part.
    await holdFor(door.db, { now: new Date(door.now.value) } as never, order, orderFulfilmentSpec, command)
  }
  const refused = (code: string, detail: string) =>
    expect.objectContaining({ code, detail, errors: [expect.objectContaining({ field: 'form.resources' })] })

  it('names every resource that the order and those below it occupy, and no other', async () => {
    const parent = await granted()
    const [a, b, c, d] = [fresh(), fresh(), fresh(), fresh()]
    expect((await prepare(parent, [a.id])).status).toBe(200)
    // One that an order below it uses, one of another order whose id begins alike, one that is only asked for.
    const clone = (id: string) =>
      door.db.pool.query(
        `INSERT INTO orders SELECT (jsonb_populate_record(o, jsonb_build_object('id', $2::text, 'no', $2::text))).* FROM orders o WHERE id = $1`,
        [parent, id],
      )
    const hold = (order: string, resource: string, state: string) =>
      door.db.pool.query(
        "INSERT INTO resource_hold (id, resource_id, order_id, state, since, until) VALUES (gen_random_uuid(), $1, $2, $3, now(), CASE WHEN $3 = 'asked' THEN now() END)",
        [resource, order, state],
      )
    await clone(`${parent}.activate.1`)
    await clone(`${parent}x`)
    await hold(`${parent}.activate.1`, b.id, 'used')
    await hold(`${parent}x`, c.id, 'reserved')
    await hold(parent, d.id, 'asked')
    await expect(file(parent, [a.id])).rejects.toEqual(refused('RESOURCE_UNNAMED', shown(b)))
    await expect(file(parent)).rejects.toEqual(refused('RESOURCE_UNNAMED', [a, b].map(shown).sort().join(', ')))
    await expect(file(parent, [])).rejects.toEqual(refused('RESOURCE_UNNAMED', [a, b].map(shown).sort().join(', ')))
    await expect(file(parent, [a.id, b.id, c.id])).rejects.toEqual(refused('RESOURCE_NOT_OCCUPIED', c.id))
    await file(parent, [b.id, a.id])
    // It takes nothing itself.
    expect((await holds(a.id)).length).toBe(1)
    // A value of a wrong type is the order's to refuse; where nothing is occupied there is nothing to name.
    await file(parent, 'x')
    await file(await granted())
  })
})

describe('holds that nobody needs', () => {
  it('are found: of an order that was withdrawn or came to nothing', async () => {
    const [running, withdrawn, terminated, accepted] = [await granted(), await granted(), await granted(), await granted()]
    const items = [fresh(), fresh(), fresh(), fresh()].reverse()
    const before = await strayHolds(door.db.pool)
    for (const [i, order] of [running, withdrawn, terminated, accepted].entries())
      expect((await prepare(order, [items[i]!.id])).status).toBe(200)
    // As if what frees them had been forgotten.
    const close = (order: string, end: string) =>
      door.db.pool.query(`UPDATE orders SET status = 'closed', "end" = $2, closed_at = now() WHERE id = $1`, [order, end])
    await close(withdrawn, 'withdrawn')
    await close(terminated, 'terminated')
    await close(accepted, 'accepted')
    const stray = (await strayHolds(door.db.pool)).filter(({ resource }) => !before.some((old) => old.resource === resource))
    expect(stray).toEqual([
      { resource: items[1]!.id, no: items[1]!.no, order: withdrawn, state: 'reserved' },
      { resource: items[2]!.id, no: items[2]!.no, order: terminated, state: 'reserved' },
    ])
    const listed = (await list(await door.as('auditor'), '&stray=true')).map(({ id }) => id)
    expect(listed).toEqual(expect.arrayContaining([items[1]!.id, items[2]!.id]))
    expect(listed).not.toContain(items[0]!.id)
    // In use is in order where a service was switched on.
    await door.db.pool.query("UPDATE resource_hold SET state = 'used' WHERE order_id = $1", [terminated])
    expect((await strayHolds(door.db.pool)).map(({ order }) => order)).toContain(terminated)
    await door.db.pool.query(
      'INSERT INTO activation (order_id, customer_id, activated_at, charge_from) SELECT id, customer_id, now(), now() FROM orders WHERE id = $1',
      [terminated],
    )
    expect((await strayHolds(door.db.pool)).map(({ order }) => order)).not.toContain(terminated)
  })
})
