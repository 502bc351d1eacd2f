import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { processes } from '../../workflows/processes.ts'
import { people, person } from '../../prisma/seed/organisation.ts'
import { type Caller, type Door, openDoor } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

interface Item {
  id: string
  no: string
  region: string
  [field: string]: unknown
}

async function walk(caller: Caller, path: string, limit = 17): Promise<Item[]> {
  const items: Item[] = []
  let next: string | null = ''
  for (let pages = 0; next !== null; pages++) {
    expect(pages).toBeLessThan(50)
    const { body, status } = await caller.get(
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${next && `&cursor=${encodeURIComponent(next)}`}`,
    )
    expect(status).toBe(200)
    items.push(...(body.items as Item[]))
    next = body.page.next as string | null
  }
  return items
}

const below = (region: string, of: string) => region === of || region.startsWith(`${of}/`)

describe('customers and services to choose from', () => {
  it('are all of them for the province, in pages', async () => {
    const monitor = await door.as('xiaomei.lin')
    const [customers, services] = [await walk(monitor, '/customers'), await walk(monitor, '/services')]
    expect([customers.length, services.length]).toEqual([40, 120])
    expect(new Set(customers.map(({ id }) => id)).size).toBe(40)
    expect(new Set(services.map(({ id }) => id)).size).toBe(120)
  })

  it.each(['engineer', 'yong.peng'])('are those of the region for %s, and customers with a circuit there', async (login) => {
    const caller = await door.as(login)
    const { region } = person(login).unit
    const services = await walk(caller, '/services')
    expect(services.length).toBeGreaterThan(0)
    for (const service of services) expect(below(service.region, region)).toBe(true)
    const { rows } = await door.db.pool.query(
      `SELECT id FROM customer c WHERE region_path = $1 OR starts_with(region_path, $1 || '/')
          OR EXISTS (SELECT 1 FROM service s WHERE s.customer_id = c.id AND (s.region_path = $1 OR starts_with(s.region_path, $1 || '/'))) ORDER BY no`,
      [region],
    )
    expect((await walk(caller, '/customers')).map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  })

  it('are also those of an account manager, wherever they are', async () => {
    const manager = await door.as('manager')
    const { rows } = await door.db.pool.query("SELECT id FROM customer WHERE region_path LIKE '/cn/js/sz%' ORDER BY id LIMIT 1")
    const far = rows[0].id as string
    expect((await walk(manager, '/customers')).map(({ id }) => id)).not.toContain(far)
    await door.db.pool.query('UPDATE customer SET account_manager_id = $1 WHERE id = $2', [manager.id, far])
    expect((await walk(manager, '/customers')).map(({ id }) => id)).toContain(far)
    expect((await walk(manager, `/services?customer=${far}`)).length).toBeGreaterThan(0)
  })

  it('can be searched and narrowed', async () => {
    const monitor = await door.as('xiaomei.lin')
    const [one] = await walk(monitor, '/customers')
    const find = async (path: string) => (await walk(monitor, path)).map(({ id }) => id)
    expect(await find(`/customers?q=${one!.no.toLowerCase()}`)).toEqual([one!.id])
    expect(await find(`/customers?q=${encodeURIComponent((one!.name as { zh: string }).zh)}`)).toEqual([one!.id])
    expect((await walk(monitor, '/customers?grade=group')).every(({ grade }) => grade === 'group')).toBe(true)
    expect(await find(`/services?customer=${one!.id}`)).toHaveLength(3)
    const [service] = await walk(monitor, `/services?customer=${one!.id}`)
    expect(await find(`/services?q=${service!.no}`)).toEqual([service!.id])
    expect(
      (await walk(monitor, `/services?product=${String(service!.product)}`)).every(({ product }) => product === service!.product),
    ).toBe(true)
  })
})

describe('people and units to choose from', () => {
  it('are those of the own region, below it and above it', async () => {
    const caller = await door.as('engineer')
    const staff = await walk(caller, '/staff')
    const units = await walk(caller, '/units')
    const expected = people.filter(({ unit: { region } }) => below(region, '/cn/js/nj') || below('/cn/js/nj', region))
    expect(staff.map(({ id }) => id)).toEqual(expected.map(({ id }) => id).sort())
    expect(new Set(units.map(({ region }) => region))).toEqual(new Set(['/cn/js', '/cn/js/nj', '/cn/js/nj/gulou', '/cn/js/nj/jiangning']))
  })

  it('can be searched by unit, role, skill and name, and say who is away', async () => {
    const caller = await door.as('xiaomei.lin')
    const find = async (path: string) => (await walk(caller, path)).map(({ id }) => id)
    expect(await find('/staff?unit=nj-maintenance')).toEqual(
      people
        .filter(({ unit }) => unit.id === 'nj-maintenance')
        .map(({ id }) => id)
        .sort(),
    )
    expect(await find('/staff?role=lawyer')).toEqual(
      people
        .filter(({ roles }) => roles.includes('lawyer'))
        .map(({ id }) => id)
        .sort(),
    )
    expect(
      (await walk(caller, '/staff?skill=e-tong')).every(({ skills }) =>
        (skills as { skill: string }[]).some(({ skill }) => skill === 'e-tong'),
      ),
    ).toBe(true)
    expect(await find('/staff?q=Cao%20Y')).toEqual([person('engineer').id])
    expect(await find('/units?kind=vendor')).toEqual(['vendor-tianheng', 'vendor-yunqiao'])
    expect(await find('/units?role=finance-dept')).toEqual(['js-finance'])
    expect(await find(`/units?q=${encodeURIComponent('鼓楼')}`)).toEqual(['gulou-maintenance'])
    await door.db.pool.query("INSERT INTO absence VALUES ('away', $1, '2026-01-05', '2026-01-06', 'sick')", [person('engineer').id])
    const away = (await walk(caller, '/staff?q=Cao%20Y'))[0]!
    expect(away.absent).toBe(true)
    await door.db.pool.query("UPDATE staff SET active = false WHERE login = 'engineer'")
    expect(await find('/staff?q=Cao%20Y')).toEqual([])
    await door.db.pool.query("UPDATE staff SET active = true WHERE login = 'engineer'; DELETE FROM absence")
  })

  it('show no phone number and no password', async () => {
    const text = JSON.stringify(await walk(await door.as('xiaomei.lin'), '/staff', 200))
    expect(text).not.toMatch(/argon2|138-0000|paidan\.example/)
  })
})

describe('processes', () => {
  it('are listed with what a start needs', async () => {
    const { body } = await (await door.as('xiaomei.lin')).get('/processes')
    expect(body.items.map(({ id }: Item) => id)).toEqual(processes.map(({ spec }) => spec.id))
    const fault = body.items.find(({ id }: Item) => id === 'graded-fault')
    expect([fault.no, fault.startable, fault.steps, fault.input.service.required]).toEqual(['P-14', true, 10, true])
  })

  it.each(processes.map(({ spec }) => [spec.id, spec] as const))(
    '%s comes with its graph: every edge leads to a step or an end',
    async (id, spec) => {
      const { status, body } = await (await door.as('auditor')).get(`/processes/${id}`)
      expect(status).toBe(200)
      expect(Object.keys(body.steps)).toEqual(Object.keys(spec.steps))
      const { graph } = body as { graph: { steps: { id: string; outcomes: { next: string; end: boolean }[] }[]; ends: string[] } }
      expect(graph.steps.map((step) => step.id)).toEqual(Object.keys(spec.steps))
      const edges = graph.steps.flatMap(({ outcomes }) => outcomes)
      expect(edges.length).toBeGreaterThan(5)
      for (const { next, end } of edges) expect(Object.keys(end ? spec.ends : spec.steps)).toContain(next)
      expect([...graph.ends].sort()).toEqual(Object.keys(spec.ends).sort())
    },
  )
})
