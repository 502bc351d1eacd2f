import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../cli/import/faults.ts'
import {
  type Mapping,
  checkMapping,
  defaultMapping,
  fillIn,
  fillText,
  mapFault,
  placeholders,
  readMapping,
} from '../../../cli/import/mapping.ts'
import { planner } from '../../../cli/import/plan.ts'
import { isIn } from '../../../cli/import/values.ts'
import { specs } from '../../../domain/processes/index.ts'
import { products } from '../../../prisma/seed/products.ts'
import { goodFiles, writeList } from './list.ts'

const mapping = readMapping(defaultMapping)
const known = { specs: Object.values(specs), products: products.map(({ id }) => id) }

const fault = (more: Partial<Fault> = {}): Fault => ({
  id: '6597',
  line: 9,
  location: 118,
  severity: '0',
  severityType: 'severity_type 2',
  events: ['event_type 11'],
  resources: ['resource_type 8'],
  features: [{ name: 'feature 68', volume: 6 }],
  ...more,
})

/** The default file, changed, as a file of its own. */
function changed(change: (json: Record<string, any>) => void): string {
  const json = JSON.parse(readFileSync(defaultMapping, 'utf8')) as Record<string, any>
  change(json)
  const file = join(writeList(goodFiles(0)), 'mapping.json')
  writeFileSync(file, JSON.stringify(json))
  return file
}

describe('values', () => {
  it.each([
    [['event_type 1-54'], 'event_type 1', true],
    [['event_type 1-54'], 'event_type 54', true],
    [['event_type 1-54'], 'event_type 55', false],
    [['event_type 1-54'], 'event_type 0', false],
    [['event_type 1-54'], 'event_type 07', false],
    [['event_type 1-54'], 'event_type', false],
    [['0-2'], '2', true],
    [['0-2'], '-1', false],
    [['a', 'b'], 'b', true],
    [['a', 'b'], '', false],
  ])('%j has %j: %s', (list, value, expected) => {
    expect(isIn(list, value)).toBe(expected)
  })
})

describe('the default mapping', () => {
  it('names only processes, products and inputs that there are', () => {
    expect(() => checkMapping(mapping, known)).not.toThrow()
  })

  it.each([
    [{ severity: '2' }, 'fault-level-1'],
    [{ severity: '1', resources: ['resource_type 2', 'resource_type 8'] }, 'fault-level-1'],
    [{ severity: '1' }, 'fault-level-2'],
    [{ severity: '0', resources: ['resource_type 2', 'resource_type 8'] }, 'graded-fault'],
  ])('%j is %s', (more, process) => {
    expect(mapFault(mapping, fault(more)).process).toBe(process)
  })

  it.each([
    [{ events: ['event_type 35', 'event_type 34'], resources: ['resource_type 2'] }, 'mpls-vpn'],
    [{ events: ['event_type 34'], resources: ['resource_type 8'] }, 'lan-line'],
    [{ events: ['event_type 11', 'event_type 54'] }, 'satellite-circuit-lease'],
    [{ events: ['event_type 11'] }, 'sdh'],
    [{ events: ['event_type 1'] }, 'it-service'],
  ])('%j is about %s', (more, product) => {
    expect(mapFault(mapping, fault(more)).product).toBe(product)
  })

  it('takes the customer grade from the volume of the logs', () => {
    const of = (volume: number) =>
      mapFault(
        mapping,
        fault({
          features: [
            { name: 'feature 1', volume },
            { name: 'feature 2', volume: 1 },
          ],
        }),
      ).customerGrade
    expect([of(399), of(119), of(5)]).toEqual(['group', 'province', 'local-b'])
  })
})

describe('a mapping of one’s own', () => {
  it.each<[string, (json: Record<string, any>) => void, RegExp]>([
    ['an unknown key', (m) => (m.procces = []), /the file: Unrecognized key: "procces"/],
    ['an unknown condition', (m) => (m.process[0].when.severity = ['2']), /process\.0\.when/],
    ['no last rule', (m) => m.process.pop(), /process: the last rule must have no "when"/],
    ['a rule that hides others', (m) => delete m.product[0].when, /product: rule 1 has no "when", so those after it are never reached/],
    ['an unknown grade', (m) => (m.customerGrade[0].use = 'gold'), /customerGrade\.0\.use/],
    ['a run that runs backwards', (m) => (m.values.event_type = ['event_type 54-1']), /"event_type 54-1" runs backwards/],
    ['a channel with a space', (m) => (m.channel = 'my list'), /channel: lower-case letters/],
  ])('with %s is refused, and the place is named', (_, change, message) => {
    expect(() => readMapping(changed(change))).toThrow(message)
  })

  it('that is no JSON is refused with its name', () => {
    const file = changed(() => {})
    writeFileSync(file, '{')
    expect(() => readMapping(file)).toThrow(`The mapping file ${file} can't be read:`)
    expect(() => readMapping('/nowhere.json')).toThrow(/can't be read/)
  })

  it.each<[string, (m: Mapping) => void, RegExp]>([
    ['a process', (m) => (m.process[0]!.use = 'fault-level-3'), /process: there is no "fault-level-3"; known: order-fulfilment/],
    ['a product', (m) => (m.product[0]!.use = 'telex'), /product: there is no "telex"; known: /],
    ['no input for a process', (m) => delete m.input['graded-fault'], /input: nothing for the process "graded-fault", which needs service/],
    ['an input field that is missing', (m) => delete m.input['fault-level-1']!.reporter, /input: fault-level-1, input\.reporter: required/],
    [
      'an input field that is unknown',
      (m) => (m.input['graded-fault']!.colour = 'red'),
      /input: graded-fault, input\.colour: the form has no such field/,
    ],
    [
      'a value of a wrong type',
      (m) => (m.input['fault-level-2']!.occurredAt = 'yesterday'),
      /input: fault-level-2, input\.occurredAt: must be an instant/,
    ],
    ['a choice that is none', (m) => (m.input['graded-fault']!.source = 'rumour'), /input\.source: must be one of/],
    [
      'a placeholder that is none',
      (m) => (m.input['graded-fault']!.symptom = '{sympton}'),
      /graded-fault: there is no \{sympton\}; known: id, location/,
    ],
  ])('that names %s wrongly is refused before anything starts', (_, change, message) => {
    const wrong = structuredClone(mapping)
    change(wrong)
    expect(() => checkMapping(wrong, known)).toThrow(message)
  })
})

describe('placeholders', () => {
  const filled = placeholders(fault({ events: Array.from({ length: 10 }, (_, i) => `event_type ${i + 1}`) }), {
    service: 'L118-SDH',
    at: 1_700_000_000_000,
  })

  it('keep their type when they stand alone', () => {
    expect(fillIn({ at: '{at}', text: 'at {at}', fixed: true }, filled)).toEqual({
      at: 1_700_000_000_000,
      text: 'at 1700000000000',
      fixed: true,
    })
  })

  it('shorten long lists', () => {
    expect(fillText('{location}: {events}', filled)).toBe(
      'L-118: event_type 1, event_type 2, event_type 3, event_type 4, event_type 5, event_type 6, event_type 7, event_type 8, …',
    )
    expect(fillText('{features} {volume}', filled)).toBe('feature 68 ×6 6')
  })
})

describe('a plan', () => {
  const customer = (n: number, grade: string, region: string) => ({
    id: `cu-${n}`,
    no: `KA${n}`,
    grade,
    region,
    contract: n === 1 ? 'co-1' : null,
  })
  const reference = {
    counties: ['/cn/js/nj/a', '/cn/js/nj/b', '/cn/js/sz/c', '/cn/js/sz/d'],
    customers: [
      customer(1, 'local-b', '/cn/js/nj/b'),
      customer(2, 'local-b', '/cn/js/nj/b'),
      customer(3, 'local-b', '/cn/js/sz/d'),
      customer(4, 'group', '/cn/js/nj/a'),
    ],
    products: [
      { id: 'sdh', group: 'bandwidth' },
      { id: 'it-service', group: 'desk' },
    ],
  }
  const plan = planner(mapping, reference, 42)

  it('puts a location into one county, with a customer of the grade there', () => {
    // 117 % 4 = 1
    const { place, customer: chosen, title, input, process } = plan(fault({ location: 117, resources: ['resource_type 2'] }))
    expect([chosen, process, title]).toEqual(['cu-2', 'graded-fault', 'L-117 故障：event_type 11'])
    expect(place.site).toEqual({ id: 'si-l117-cu-2', customer: 'cu-2', name: 'L-117', region: '/cn/js/nj/b' })
    expect(place.service).toEqual({
      id: 'sv-l117-sdh-c-cu-2',
      no: 'L117-SDH-C-KA2',
      customer: 'cu-2',
      product: 'sdh',
      site: 'si-l117-cu-2',
      region: '/cn/js/nj/b',
      circuitGrade: 'C',
      contract: null,
      hasStandby: false,
    })
    expect(input.service).toBe('L117-SDH-C-KA2')
  })

  it('is the same every time, whatever was planned before', () => {
    const again = planner(mapping, reference, 42)
    again(fault({ location: 3 }))
    expect(again(fault())).toEqual(plan(fault()))
  })

  it('goes to the city, then anywhere, then to any grade, where the county has no such customer', () => {
    expect(plan(fault({ location: 118 })).customer).toBe('cu-3')
    const big = fault({ location: 3, features: [{ name: 'feature 1', volume: 999 }] })
    expect(plan(big).customer).toBe('cu-4')
    const province = fault({ location: 4, features: [{ name: 'feature 1', volume: 150 }] })
    expect(reference.customers.map(({ id }) => id)).toContain(plan(province).customer)
  })

  it('gives a circuit grade to bandwidth products only', () => {
    const { service } = plan(fault({ events: ['event_type 1'] })).place
    expect([service.product, service.circuitGrade, service.no]).toEqual(['it-service', null, 'L118-IT-SERVICE-KA3'])
  })

  it('needs customers and counties', () => {
    expect(() => planner(mapping, { ...reference, customers: [] }, 0)).toThrow(/no counties or no customers/)
  })
})
