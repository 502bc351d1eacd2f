/** Orders and events as files: what is in them, for whom, and that readers of other makes could read them. */
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
let auditor: Caller
let monitor: Caller
const orders: string[] = []
const TITLE = '=HYPERLINK("http://x")'

beforeAll(async () => {
  door = await openDoor()
  auditor = await door.as('auditor')
  monitor = await door.as('monitor')
  orders.push(await startFault(door), await startFault(door))
  door.now.value = MONDAY + 5 * MINUTE
  await monitor.command(orders[0]!, { type: 'accept', task: 'accept-fault.1' })
  await monitor.command(orders[0]!, { type: 'comment', text: `<&"\u0001 ${'长'.repeat(1000)}` })
  await monitor.command(orders[0]!, { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
  await door.db.pool.query('UPDATE orders SET title = $2 WHERE id = $1', [orders[0], TITLE])
})
afterAll(() => door.close())

async function file(who: Caller, query: string) {
  const { status, body, headers } = await who
    .raw('get', `/exports/${query}`)
    .buffer(true)
    .parse((res, done) => {
      const parts: Buffer[] = []
      res.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)))
    })
  return { status, bytes: body as Buffer, headers: headers as Record<string, string> }
}
const table = (bytes: Buffer): string[][] => parse(bytes, { bom: true })

interface EventItem {
  seq: number
  type: string
  hash: string
}
const eventsOf = async (order: string) => (await auditor.get(`/orders/${order}/events?limit=500`)).body.items as EventItem[]

interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
}

/** XML as XES needs it: elements and attributes. @throws Error where it is not well-formed */
function read(text: string): Element {
  const body = text.replace(/^<\?xml [^>]*\?>\n/, '')
  const root: Element = { name: '', attributes: {}, children: [] }
  const open = [root]
  const tag = /\s*<(\/?)([\w]+)((?:\s+[\w:.]+="[^"<]*")*)\s*(\/?)>\s*/y
  const plain: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", '#10': '\n', '#13': '\r', '#9': '\t' }
  while (tag.lastIndex < body.length) {
    const from = tag.lastIndex
    const found = tag.exec(body)
    if (!found) throw new Error(`not well-formed: ${body.slice(from, from + 80)}`)
    const [, closing, name, fields, empty] = found
    if (closing) {
      if (open.pop()!.name !== name) throw new Error(`${name} is closed and was not open`)
      continue
    }
    const attributes = Object.fromEntries(
      [...fields!.matchAll(/([\w:.]+)="([^"]*)"/g)].map(([, key, value]) => [
        key!,
        value!.replace(/&([^;]*);?/g, (_, entity: string) => plain[entity] ?? `not an entity: ${entity}`),
      ]),
    )
    const element = { name: name!, attributes, children: [] }
    open.at(-1)!.children.push(element)
    if (!empty) open.push(element)
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('it is not whole')
  return root.children[0]!
}

const value = (of: Element, key: string) => of.children.find(({ attributes }) => attributes.key === key)?.attributes.value

describe('orders as a file', () => {
  it('have what the list has, as CSV and as Excel, and say how many there are', async () => {
    const listed = (await auditor.get('/orders?process=graded-fault&limit=200')).body.items as { id: string; version: number }[]
    const csv = await file(auditor, 'orders?process=graded-fault')
    expect([csv.status, csv.headers['total-orders']]).toEqual([200, String(listed.length)])
    expect(Number(csv.headers['total-events'])).toBe(listed.reduce((sum, { version }) => sum + version, 0))
    const [head, ...lines] = table(csv.bytes)
    expect(head!.slice(0, 3)).toEqual(['工单', '编号', '流程'])
    expect(lines.map(([id]) => id)).toEqual(listed.map(({ id }) => id))
    // What a spreadsheet would run is text.
    expect(lines.find(([id]) => id === orders[0])![3]).toBe(`'${TITLE}`)
    const xlsx = await file(auditor, 'orders?process=graded-fault&format=xlsx&lang=en')
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(xlsx.bytes as never)
    expect([book.worksheets[0]!.getCell('A1').value, book.worksheets[0]!.rowCount - 1]).toEqual(['Order', listed.length])
  })

  it('are those in sight, by the filters of the list', async () => {
    const vendor = await door.as('vendor')
    const seen = (await vendor.get('/orders?limit=200')).body.items as { id: string }[]
    expect(
      table((await file(vendor, 'orders')).bytes)
        .slice(1)
        .map(([id]) => id),
    ).toEqual(seen.map(({ id }) => id))
    expect(table((await file(auditor, 'orders?status=closed')).bytes)).toHaveLength(1)
    expect((await file(auditor, 'orders?status=nonsense')).status).toBe(422)
  })
})

describe('events as a file', () => {
  it('are for who may read histories', async () => {
    for (const format of ['csv', 'xlsx', 'ocel', 'xes'])
      expect((await file(await door.as('vendor'), `events?format=${format}`)).status).toBe(403)
  })

  it('are all there as CSV, with hashes and long texts', async () => {
    const [, ...lines] = table((await file(auditor, 'events?process=graded-fault&lang=en')).bytes)
    for (const order of orders) {
      const own = lines.filter(([id]) => id === order)
      expect(own.map((line) => [Number(line[3]), line[5], line[14]])).toEqual(
        (await eventsOf(order)).map(({ seq, type, hash }) => [seq, type, hash]),
      )
    }
    const done = lines.find((line) => line[0] === orders[0] && line[5] === 'task-completed')!
    expect(done.slice(6, 9)).toEqual(['accept-fault', 'accept-fault.1', 'accepted'])
    expect(lines.find((line) => line[5] === 'comment-added')![12]).toContain('长'.repeat(1000))
  })

  it('are a log that XES readers take: a trace for each order, the standard life of a task', async () => {
    const { bytes, headers } = await file(auditor, 'events?format=xes&sort=openedAt')
    const text = bytes.toString()
    expect(headers['content-disposition']).toContain('events.xes')
    const traces = read(text).children.filter(({ name }) => name === 'trace')
    const trace = traces.find((one) => value(one, 'concept:name') === orders[0])!
    const events = trace.children.filter(({ name }) => name === 'event')
    expect(events.map((event) => Number(value(event, 'seq')))).toEqual((await eventsOf(orders[0]!)).map(({ seq }) => seq))
    const said = events.find((event) => value(event, 'type') === 'comment-added')!
    expect((JSON.parse(value(said, 'data')!) as { text: string }).text.slice(0, 6)).toBe('<&"\u0001 长')
    const life = events
      .filter((event) => value(event, 'concept:name') === 'accept-fault')
      .map((event) => value(event, 'lifecycle:transition'))
    expect(life).toEqual(expect.arrayContaining(['schedule', 'start', 'complete']))
    expect(life.at(-1)).toBe('complete')
  })

  it('are OCEL 2.0: every event of a known type names objects that are there', async () => {
    const { bytes } = await file(auditor, 'events?format=ocel')
    const log = JSON.parse(bytes.toString()) as {
      events: {
        id: string
        type: string
        time: string
        attributes: { name: string; value: unknown }[]
        relationships: { objectId: string; qualifier: string }[]
      }[]
      objects: {
        id: string
        type: string
        attributes: { name: string; value: unknown; time: string }[]
        relationships: { objectId: string }[]
      }[]
      eventTypes: { name: string; attributes: { name: string }[] }[]
      objectTypes: { name: string; attributes: { name: string }[] }[]
    }
    const ids = new Map(log.objects.map(({ id, type }) => [id, type]))
    expect(ids.size).toBe(log.objects.length)
    const types = new Map(log.eventTypes.map(({ name, attributes }) => [name, new Set(attributes.map((one) => one.name))]))
    for (const { type, attributes, relationships } of log.events) {
      expect(attributes.every(({ name }) => types.get(type)!.has(name))).toBe(true)
      expect(relationships.every(({ objectId }) => ids.has(objectId))).toBe(true)
    }
    for (const { type, attributes, relationships } of log.objects) {
      const declared = log.objectTypes.find(({ name }) => name === type)!.attributes.map(({ name }) => name)
      expect(declared).toEqual(expect.arrayContaining(attributes.map(({ name }) => name)))
      expect(relationships.every(({ objectId }) => ids.has(objectId))).toBe(true)
    }
    expect(log.events.filter(({ id }) => id.startsWith(`${orders[0]}/`))).toHaveLength((await eventsOf(orders[0]!)).length)
    expect(new Set(ids.values())).toEqual(new Set(['order', 'customer', 'service', 'person']))
  })
})
