import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, faultInput, openDoor, serviceIn, startFault } from './support/door.ts'

let door: Door
let order: string
let no: string
beforeAll(async () => {
  door = await openDoor()
  const service = await serviceIn(door, '/cn/js/nj')
  const monitor = await door.as('xiaomei.lin')
  const { body } = await monitor.post('/orders', {
    process: 'graded-fault',
    customerId: service.customer,
    title: '鼓楼专线光缆中断 100%_loss',
    input: faultInput(service.id),
    source: { channel: 'crm', number: 'CRM-77-0042' },
  })
  order = body.order
  no = (await monitor.get(`/orders/${order}`)).body.no
  await startFault(door, { region: '/cn/js/sz' })
})
afterAll(() => door.close())

const orders = async (login: string, q: string): Promise<string[]> =>
  (await (await door.as(login)).get(`/search?q=${encodeURIComponent(q)}`)).body.orders.map(({ id }: { id: string }) => id)

describe('GET /search', () => {
  it.each([
    ['the number', () => no],
    ['the number in small letters', () => no.toLowerCase()],
    ['its last digits', () => no.slice(-6)],
    ['the number of the source', () => 'CRM-77-0042'],
    ['two characters of the title', () => '光缆'],
    ['one character', () => '鼓'],
    ['what is a pattern elsewhere', () => '100%_l'],
    ['capitals', () => '%_LOSS'],
  ])('finds an order by %s', async (_what, q) => {
    expect(await orders('xiaomei.lin', q())).toContain(order)
  })

  it.each(['光纤', '100_', 'zz', '缆光'])('finds nothing by %s', async (q) => {
    expect(await orders('xiaomei.lin', q)).toEqual([])
  })

  it('finds it by the index alone, when it is not among the latest', async () => {
    await door.db.pool.query(`
      INSERT INTO orders (id, process, status, region_path, title, priority, seq, hash, state, opened_at, updated_at)
      SELECT 'filler' || i, 'graded-fault', 'open', '/cn/js/nj', 'filler ' || i, 3, 1, '', '{}', '2026-02-01', '2026-02-01' FROM generate_series(1, 2100) AS i`)
    expect(await orders('xiaomei.lin', '光缆')).toEqual([order])
    expect((await orders('xiaomei.lin', 'filler')).length).toBe(8)
    const list = async (q: string) => (await (await door.as('xiaomei.lin')).get(`/orders?limit=5&q=${encodeURIComponent(q)}`)).body
    const ids = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id)
    expect(ids(await list('光缆'))).toEqual([order])
    expect(ids(await list('filler 2100'))).toEqual(['filler2100'])
    // What is common is found on the list itself, page by page.
    const common = await list('FILLER')
    expect(ids(common)).toEqual(['filler999', 'filler998', 'filler997', 'filler996', 'filler995'])
    const next = (await (await door.as('xiaomei.lin')).get(`/orders?limit=5&q=filler&cursor=${common.page.next}`)).body
    expect(ids(next)[0]).toBe('filler994')
    // One letter looks through the latest only.
    expect(await orders('xiaomei.lin', '缆')).toEqual([])
    await door.db.pool.query("DELETE FROM orders WHERE id LIKE 'filler%'")
    expect((await door.db.pool.query("SELECT count(*)::int AS n FROM order_find WHERE order_id LIKE 'filler%'")).rows[0].n).toBe(0)
  })

  it('looks in the index for nothing that it does not hold', async () => {
    const words = ['gd-20260117-000042 crm-77-0042 鼓楼专线光缆中断 100%_loss', '南京2路10g光纤ab', 'é1ß2 naïve x', 'a', '']
    const { rows: missed } = await door.db.pool.query(
      `SELECT part FROM unnest($1::text[]) AS w, generate_series(1, length(w)) AS i, generate_series(1, length(w) - i + 1) AS n,
                        LATERAL (SELECT substr(w, i, n) AS part) AS p
        WHERE NOT letter_parts(w) @> letter_parts_wanted(part)`,
      [words],
    )
    expect(missed).toEqual([])
    const wanted = async (q: string) =>
      (await door.db.pool.query<{ parts: string[] }>('SELECT letter_parts_wanted($1) AS parts', [q])).rows[0]!.parts
    expect(await wanted('A1D0')).toEqual(['1d0', 'a1d'])
    expect(await wanted('光缆10G_ab')).toEqual(['10g', '_a', 'ab', 'g_', '光缆', '缆1'].toSorted())
    expect(await wanted('7')).toEqual([])
  })

  it('puts the exact number first', async () => {
    expect((await orders('xiaomei.lin', no))[0]).toBe(order)
  })

  it('finds customers, people and processes', async () => {
    const dispatcher = await door.as('xiaomei.lin')
    const { rows } = await door.db.pool.query(
      "SELECT id, name_zh FROM customer WHERE starts_with(region_path, '/cn/js/nj') ORDER BY id LIMIT 1",
    )
    const customer = (await dispatcher.get(`/search?q=${encodeURIComponent(rows[0].name_zh)}`)).body
    expect(customer.customers.map(({ id }: { id: string }) => id)).toContain(rows[0].id)
    const me = (await dispatcher.get('/me')).body
    const person = (await dispatcher.get(`/search?q=${encodeURIComponent(me.name.zh)}`)).body
    expect(person.people.map(({ id }: { id: string }) => id)).toContain(me.id)
    const process = (await dispatcher.get(`/search?q=${encodeURIComponent('一级故障')}`)).body
    expect(process.processes).toEqual([expect.objectContaining({ id: 'fault-level-1', no: 'P-12', startable: true })])
  })

  it('shows nothing of other regions, and to a stranger nothing but the processes', async () => {
    expect(await orders('xue.feng', '光缆')).toEqual([])
    expect(await orders('xue.feng', no)).toEqual([])
    const { body } = await (await door.as('vendor')).get(`/search?q=${encodeURIComponent('专线')}`)
    expect(body).toMatchObject({ orders: [], customers: [], people: [] })
  })
})
