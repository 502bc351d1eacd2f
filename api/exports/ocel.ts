/** Event logs as OCEL 2.0 (JSON): orders, customers, services and people are objects; every event names those that it concerns. */
import { logEntry } from '../../domain/order/verify/log.ts'
import type { OrderEvents, OrderSummary } from '../queries/selection.ts'

interface Relationship {
  objectId: string
  qualifier: string
}

const texts = (...names: string[]) => names.map((name) => ({ name, type: 'string' }))

const objectTypes = [
  { name: 'order', attributes: [...texts('no', 'process', 'title', 'status', 'end', 'region'), { name: 'priority', type: 'integer' }] },
  { name: 'customer', attributes: texts('no', 'name', 'grade') },
  { name: 'service', attributes: [] },
  { name: 'person', attributes: [] },
]

const eventAttributes = [...texts('kind', 'transition', 'task', 'outcome', 'data', 'hash'), { name: 'seq', type: 'integer' }]

const named = (values: Readonly<Record<string, string | number | null | undefined>>) =>
  Object.entries(values).flatMap(([name, value]) => (value === null || value === undefined ? [] : [{ name, value }]))

const timed = (values: Parameters<typeof named>[0], time: string) => named(values).map((one) => ({ ...one, time }))

/**
 * Events first: what they name is known once they are written. The orders are remembered by their rows' ids alone and read again.
 * @param again rows of these orders
 */
export async function* ocel(
  orders: AsyncIterable<OrderEvents>,
  again: (ids: readonly string[]) => Promise<readonly OrderSummary[]>,
): AsyncGenerator<string> {
  const ids: string[] = []
  const people = new Set<string>()
  const activities = new Set<string>()
  let comma = ''
  yield '{"events":[\n'
  for await (const { order, events, first } of orders) {
    if (first) ids.push(order.id)
    for (const event of events) {
      const { activity, transition, task, outcome } = logEntry(event as never)
      activities.add(activity)
      const relationships: Relationship[] = [{ objectId: order.id, qualifier: 'order' }]
      if (order.customer) relationships.push({ objectId: order.customer.id, qualifier: 'customer' })
      if (order.service) relationships.push({ objectId: order.service, qualifier: 'service' })
      if (event.actor.kind === 'person') {
        people.add(event.actor.id)
        relationships.push({ objectId: event.actor.id, qualifier: 'by' })
      }
      const attributes = named({
        kind: event.type,
        transition,
        task,
        outcome,
        data: JSON.stringify(event.data),
        hash: event.hash,
        seq: event.seq,
      })
      yield `${comma}${JSON.stringify({ id: `${order.id}/${event.seq}`, type: activity, time: event.at, attributes, relationships })}`
      comma = ',\n'
    }
  }
  yield '\n],"objects":[\n'
  yield* objects(ids, people, again)
  const eventTypes = [...activities].sort().map((name) => ({ name, attributes: eventAttributes }))
  yield `\n],"objectTypes":${JSON.stringify(objectTypes)},"eventTypes":${JSON.stringify(eventTypes)}}\n`
}

const PAGE = 500

async function* objects(
  ids: readonly string[],
  people: ReadonlySet<string>,
  again: (ids: readonly string[]) => Promise<readonly OrderSummary[]>,
) {
  const known = new Set(ids)
  const others = new Set<string>()
  let comma = ''
  const piece = (object: object) => {
    const text = `${comma}${JSON.stringify(object)}`
    comma = ',\n'
    return text
  }
  for (let i = 0; i < ids.length; i += PAGE) {
    for (const order of await again(ids.slice(i, i + PAGE))) {
      const { id, no, process, title, status, end, region, priority, customer, service, parent, openedAt } = order
      // An object may name those of the log only.
      const parents = parent !== null && known.has(parent) ? [{ objectId: parent, qualifier: 'parent' }] : []
      const relationships = [
        ...(customer ? [{ objectId: customer.id, qualifier: 'customer' }] : []),
        ...(service ? [{ objectId: service, qualifier: 'service' }] : []),
        ...parents,
      ]
      yield piece({ id, type: 'order', attributes: timed({ no, process, title, status, end, region, priority }, openedAt), relationships })
      if (customer && !others.has(customer.id)) {
        others.add(customer.id)
        const { no: number, name, grade } = customer
        yield piece({
          id: customer.id,
          type: 'customer',
          attributes: timed({ no: number, name: name.zh, grade }, openedAt),
          relationships: [],
        })
      }
      if (service && !others.has(service)) {
        others.add(service)
        yield piece({ id: service, type: 'service', attributes: [], relationships: [] })
      }
    }
  }
  for (const id of [...people].sort()) yield piece({ id, type: 'person', attributes: [], relationships: [] })
}
