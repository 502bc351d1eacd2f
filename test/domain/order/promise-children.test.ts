import { describe, expect, it } from 'vitest'
import { defineSpec } from '../../../domain/order/spec.ts'
import { outcome, t } from '../../../domain/processes/parts.ts'
import { returnVisit } from '../../../workflows/customer/return-visit.ts'
import { process } from '../../../workflows/kit/process.ts'
import { HOUR, MONDAY } from './planned.ts'
import { china, Promising, rowsOf } from './promising.ts'

describe('dates of an order', () => {
  it('say when a step ahead is done, where they are later than it would begin', async () => {
    const order = new Promising(returnVisit, rowsOf(returnVisit.spec))
    await order.open({ facts: { planned: true, occasion: 'own-plan', appointmentAt: china('01-14T10:00') } })
    expect(order.lines.find((line) => line.includes('conduct-visit'))).toBe('date conduct-visit 01-08T14:30 01-15T10:00')
    const soon = new Promising(returnVisit, rowsOf(returnVisit.spec))
    await soon.open({ facts: { planned: true, occasion: 'own-plan', appointmentAt: china('01-05T10:00') } })
    expect(soon.lines.find((line) => line.includes('conduct-visit'))).toBe('date conduct-visit 01-08T14:30 01-08T14:30')
  })
})

const step = (title: string, more: object = {}) =>
  ({ title: t(title, title), who: ['kac-staff'], outcomes: { done: outcome('完成', 'Done') }, ...more }) as const
const limit = (budget: string, more: object = {}) => ({ limit: { text: budget, budget, calendar: 'C', mark: 'default', ...more } }) as const

const build = defineSpec({
  no: 'P-97',
  id: 'build',
  family: 'test',
  title: t('build', 'build'),
  input: {},
  steps: {
    plan: step('plan', limit('2h')),
    built: step('built', {
      ...limit('10h', { notAfter: 'wanted' }),
      outcomes: { done: outcome('完成', 'Done', undefined, { release: 'built' }) },
    }),
    settle: step('settle', limit('100h')),
  },
  route: ['plan', 'built', 'settle'],
  ends: { built: { title: t('built', 'built') } },
})
const short = defineSpec({ ...build, no: 'P-98', id: 'short', steps: { plan: step('plan', limit('1h')) }, route: ['plan'] })
const whole = defineSpec({
  no: 'P-99',
  id: 'whole',
  family: 'test',
  title: t('whole', 'whole'),
  input: {},
  steps: {
    ask: step('ask', limit('1h')),
    build: step('build', {
      child: { process: { fact: 'kind', when: { small: 'short' }, otherwise: 'build' }, take: ['wanted'], ends: { built: 'done' } },
    }),
    check: step('check', limit('4h')),
    beside: step('beside', limit('50h')),
  },
  route: ['ask', 'build', 'check'],
  ends: { done: { title: t('done', 'done') } },
})
const body = process(whole, async (order) => {
  await order.step('ask')
  await Promise.all([order.step('build'), order.step('beside')])
  await order.step('check')
  return 'done'
})

describe('an order under an order', () => {
  const opened = async (given: Record<string, string | number> = {}) => {
    const order = new Promising(body, rowsOf(whole, build, short), [build, short])
    await order.open({ facts: given })
    return order
  }

  it('costs the time of its own route, up to where it lets the parent go on', async () => {
    expect((await opened()).lines).toEqual([
      'open ask 01-05T09:00 01-05T10:00',
      'child build 01-05T10:00 01-05T22:00',
      'ahead build/plan 01-05T10:00 01-05T12:00',
      'ahead build/built 01-05T12:00 01-05T22:00',
      'ahead check 01-05T22:00 01-06T02:00',
    ])
  })

  it('is the one that the order’s facts choose, and has the dates that it will take', async () => {
    expect((await opened({ kind: 'small' })).lines[2]).toBe('ahead short/plan 01-05T10:00 01-05T11:00')
    expect((await opened({ wanted: china('01-05T15:00') })).lines[3]).toBe('date build/built 01-05T12:00 01-05T15:00')
  })

  it('counts from its opening, and from now once that is over; what runs beside the route counts at the end', async () => {
    const order = await opened()
    await order.does('ask', 'done', MONDAY + HOUR)
    expect(order.lines).toEqual([
      'open beside 01-05T10:00 01-07T12:00',
      'child build 01-05T10:00 01-05T22:00',
      'ahead build/plan 01-05T10:00 01-05T12:00',
      'ahead build/built 01-05T12:00 01-05T22:00',
      'ahead check 01-05T22:00 01-06T02:00',
    ])
    expect(order.reckoned.at).toBe(china('01-07T12:00'))
    await order.tick(40 * HOUR)
    expect(order.lines.filter((line) => !line.includes('build/'))).toEqual([
      'open beside 01-05T10:00 01-07T12:00',
      'child build 01-05T10:00 01-07T02:00',
      'ahead check 01-07T02:00 01-07T06:00',
    ])
  })

  it('counts by its own route though the step has a limit, which holds where the order has none', async () => {
    const limited = { ...whole, steps: { ...whole.steps, build: { ...whole.steps.build, ...limit('30h') } } }
    const order = new Promising({ ...body, spec: limited }, rowsOf(limited, build), [build])
    await order.open()
    expect(order.lines[1]).toBe('child build 01-05T10:00 01-05T22:00')
    const unknown = new Promising({ ...body, spec: limited }, rowsOf(limited))
    await unknown.open()
    expect(unknown.lines.slice(1)).toEqual(['ahead build 01-05T10:00 01-06T16:00', 'ahead check 01-06T16:00 01-06T20:00'])
    for (const each of [order, unknown]) await each.does('ask', 'done', MONDAY + HOUR)
    expect(order.lines[1]).toBe('child build 01-05T10:00 01-05T22:00')
    expect(unknown.lines).toContain('open build 01-05T10:00 01-06T16:00')
  })

  it('takes no time where nobody knows its process', async () => {
    const order = new Promising(body, rowsOf(whole))
    await order.open()
    expect(order.lines.slice(1)).toEqual(['ahead check 01-05T10:00 01-05T14:00'])
  })
})
