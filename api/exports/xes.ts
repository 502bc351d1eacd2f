/** Event logs as XES (IEEE 1849): a trace for each order, an event for each of its events. */
import type { OrderEvents } from '../queries/selection.ts'
import { logEntry } from '../../domain/order/verify/log.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
}

/** What XML has no words for is left out. */
const escaped = (text: string) =>
  text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '').replace(/[&<>"'\n\r\t]/g, (c) => escapes[c]!)

type Kind = 'string' | 'date' | 'int' | 'boolean'

const attribute = (kind: Kind, key: string, value: string | number | null | undefined): string =>
  value === null || value === undefined ? '' : `<${kind} key="${key}" value="${escaped(String(value))}"/>`

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2023" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/><string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
<classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
<string key="lifecycle:model" value="standard"/>
`

export async function* xes(orders: AsyncIterable<OrderEvents>): AsyncGenerator<string> {
  yield HEAD
  for await (const { order, events, first, last } of orders) {
    if (first)
      yield [
        '<trace>',
        attribute('string', 'concept:name', order.id),
        attribute('string', 'no', order.no),
        attribute('string', 'process', order.process),
        attribute('string', 'status', order.status),
        attribute('string', 'end', order.end),
        attribute('string', 'customer', order.customer?.id),
        attribute('string', 'region', order.region),
        '\n',
      ].join('')
    for (const event of events) {
      const { activity, transition, task, outcome } = logEntry(event as never)
      yield [
        '<event>',
        attribute('string', 'concept:name', activity),
        attribute('string', 'lifecycle:transition', transition),
        attribute('date', 'time:timestamp', event.at),
        attribute('string', 'org:resource', event.actor.id),
        attribute('string', 'type', event.type),
        attribute('int', 'seq', event.seq),
        attribute('string', 'task', task),
        attribute('string', 'outcome', outcome),
        attribute('string', 'data', JSON.stringify(event.data)),
        attribute('string', 'hash', event.hash),
        '</event>\n',
      ].join('')
    }
    if (last) yield '</trace>\n'
  }
  yield '</log>\n'
}
