/** How a step is handed out: by its rule, by the unit that its key names, and after it climbed. */
import { describe, expect, it } from 'vitest'
import { asks } from '../../../domain/order/asks.ts'
import type { PlanFacts } from '../../../domain/order/plan.ts'
import { dispatchAt, type RuleRow, ruleAt } from '../../../domain/order/rules.ts'
import { defineSpec } from '../../../domain/order/spec.ts'
import { process } from '../../../workflows/kit/process.ts'
import { sample, sampleSpec } from '../../support/sample.ts'
import { candidate, clocksOf, facts, MINUTE, MONDAY, of, Planned, policy } from './planned.ts'

const rule = (id: string, mode: string, validFrom = 0, version = 1): RuleRow => ({
  kind: 'dispatch',
  id,
  version,
  spec: { mode },
  validFrom,
})

const staff = [
  candidate('kac-1', 'kac-staff'),
  candidate('kac-2', 'kac-staff', { load: 1 }),
  candidate('m-1', 'maintenance-dept', { unit: 'north' }),
  candidate('m-2', 'maintenance-dept', { unit: 'south', load: 1 }),
  candidate('m-3', 'maintenance-dept', { unit: 'south', load: 2 }),
  candidate('f-1', 'finance-dept'),
  candidate('d-1', 'dispatcher'),
]
const limits = [policy({ budget: '2h' }), policy({ kind: 'accept', budget: '10m' }), policy({ kind: 'dispatch', budget: '15m' })]
const opened = async (rules: RuleRow[], more: Partial<PlanFacts> = {}, kind = sample) => {
  const order = new Planned(kind, facts(staff, limits, { rules, ...more }))
  await order.open()
  return order
}

describe('a rule', () => {
  const rules = [rule('default', 'auto'), rule('p', 'offer'), rule('p/s', 'manual', 100, 1), rule('p/s', 'offer', 200, 2)]

  it.each([
    ['other', 's', 500, { mode: 'auto', rule: 'default@1' }],
    ['p', 'other', 500, { mode: 'offer', rule: 'p@1' }],
    ['p', 's', 99, { mode: 'offer', rule: 'p@1' }],
    ['p', 's', 100, { mode: 'manual', rule: 'p/s@1' }],
    ['p', 's', 199, { mode: 'manual', rule: 'p/s@1' }],
    ['p', 's', 200, { mode: 'offer', rule: 'p/s@2' }],
  ])('of %s/%s at %i is the most particular one that held then', (id, step, at, expected) => {
    expect(dispatchAt(rules, id, step, at)).toEqual(expected)
    expect(dispatchAt([...rules].reverse(), id, step, at)).toEqual(expected)
  })

  it('that nobody has made lets the machine ask', () => {
    expect(dispatchAt([], 'p', 's', 0)).toEqual({ mode: 'auto' })
    expect(dispatchAt([rule('default', 'whatever')], 'p', 's', 0)).toEqual({ mode: 'auto', rule: 'default@1' })
    expect(ruleAt(rules, 'repeat', ['p/s'], 500)).toBeUndefined()
  })
})

describe('by hand', () => {
  it('a step waits at the desk and nobody is asked, until somebody is named', async () => {
    const order = await opened([rule('sample/draft', 'manual')])
    expect(of(order.last, 'task-offered')).toEqual([])
    expect(of(order.last, 'task-queued')).toMatchObject([{ task: 'draft.1', queue: 'dispatcher' }])
    expect(order.last.offers[0]?.explanation).toEqual({ by: 'queue', reason: 'manual', mode: 'manual', rule: 'sample/draft@1' })
    expect(clocksOf(order.state)).toEqual(['draft.1/complete', 'draft.1/dispatch'])
    await order.act('d-1', { type: 'dispatch', task: 'draft.1', person: 'kac-2' })
    await order.act('kac-2', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    // Other steps go as ever.
    expect(order.task('work-a').person).toBe('m-1')
  })

  it('the rule that holds is the one of the opening of the order', async () => {
    const order = await opened([rule('default', 'auto'), rule('sample', 'manual', MONDAY + MINUTE, 1)])
    expect(order.task('draft').person).toBe('kac-1')
    order.now += 2 * MINUTE
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    expect(order.task('work-a').person).toBe('m-1')
  })
})

describe('an offer', () => {
  const offering = [rule('default', 'offer')]

  it('returns when it was not accepted in time, and goes to the next', async () => {
    const order = await opened(offering)
    expect(of(order.last, 'task-offered')).toMatchObject([{ person: 'kac-1', mode: 'offer' }])
    expect(order.last.offers[0]?.explanation).toMatchObject({ by: 'score', mode: 'offer', rule: 'default@1' })
    expect(order.task('draft').mode).toBe('offer')
    await order.tick(10 * MINUTE)
    expect(order.last.own.find(({ type }) => type === 'offer-expired')?.data).toEqual({ task: 'draft.1', person: 'kac-1' })
    expect(order.task('draft')).toMatchObject({ status: 'offered', person: 'kac-2', mode: 'offer' })
    expect(order.last.offers[0]?.explanation.candidates).toContainEqual(expect.objectContaining({ person: 'kac-1', not: 'not-again' }))
    expect(order.state.clocks['draft.1/accept']?.from).toBe(order.now)
    expect(order.told).toContain('offer-expired: kac-1')
    expect(order.told).toContain('task-offered: kac-2')
  })

  it('that nobody takes ends at the desk', async () => {
    const order = await opened(offering)
    await order.tick(10 * MINUTE)
    await order.tick(10 * MINUTE)
    expect(order.task('draft')).toMatchObject({ status: 'undispatched', queue: 'dispatcher' })
    expect(order.task('draft').mode).toBeUndefined()
    expect(of(order.last, 'task-queued')).toMatchObject([{ queue: 'dispatcher' }])
    expect(order.last.offers[0]?.explanation).toMatchObject({ by: 'queue', reason: 'nobody-is-free' })
  })

  it('that was accepted stays', async () => {
    const order = await opened(offering)
    await order.act('kac-1', { type: 'accept', task: 'draft.1' })
    await expect(order.tick(10 * MINUTE)).rejects.toThrow('nothing happened')
    expect(order.task('draft')).toMatchObject({ status: 'accepted', person: 'kac-1' })
  })

  it('of a dispatcher stays, overdue, and so does one that the machine made for good', async () => {
    const named = await opened(offering)
    await named.tick(10 * MINUTE)
    await named.act('d-1', { type: 'reassign', task: 'draft.1', person: 'kac-1', reason: 'he can' })
    await named.tick(10 * MINUTE)
    expect(named.task('draft')).toMatchObject({ status: 'offered', person: 'kac-1' })
    const auto = await opened([rule('default', 'auto')])
    await auto.tick(10 * MINUTE)
    expect(auto.last.own.map(({ type }) => type)).not.toContain('offer-expired')
    expect(auto.task('draft')).toMatchObject({ status: 'offered', person: 'kac-1' })
  })

  it('to a unit that lets it lie goes to the desk', async () => {
    const toUnit = process(
      defineSpec({ ...sampleSpec, steps: { ...sampleSpec.steps, draft: { ...sampleSpec.steps.draft, offer: 'unit' } } }),
      sample.body as never,
    )
    const order = await opened(offering, {}, toUnit)
    expect(order.task('draft')).toMatchObject({ unit: 'kac-staff@/cn/js/nj', mode: 'offer' })
    await order.tick(10 * MINUTE)
    expect(order.task('draft')).toMatchObject({ status: 'undispatched', queue: 'dispatcher' })
    expect(order.last.offers[0]?.explanation).toMatchObject({ by: 'queue', reason: 'offer-expired' })
  })
})

describe('tasks of one move', () => {
  it('are not heaped on one person', async () => {
    const spec = defineSpec({
      ...sampleSpec,
      steps: { ...sampleSpec.steps, 'work-b': { ...sampleSpec.steps['work-b'], who: ['maintenance-dept'] } },
    })
    const order = await opened(
      [],
      {
        people: new Map(
          [
            candidate('m-1', 'maintenance-dept', { capacity: 1 }),
            candidate('m-2', 'maintenance-dept', { load: 1, capacity: 2 }),
            candidate('kac-1', 'kac-staff'),
          ].map((one) => [one.id, one]),
        ),
      },
      process(spec, sample.body as never),
    )
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    expect([order.task('work-a').person, order.task('work-b').person]).toEqual(['m-1', 'm-2'])
    expect(order.last.offers[1]?.explanation.candidates).toContainEqual(expect.objectContaining({ person: 'm-1', not: 'at-capacity' }))
  })
})

describe('a key that is a unit', () => {
  const keyed = process(
    defineSpec({ ...sampleSpec, steps: { ...sampleSpec.steps, 'work-a': { ...sampleSpec.steps['work-a'], keyIs: 'unit' } } }),
    async (order) => {
      await order.step('draft')
      await Promise.all(['north', 'south', 'nowhere'].map((unit) => order.step('work-a', { key: unit })))
      return 'done'
    },
  )

  it('is the unit that is asked; whom nobody of it can do goes by score', async () => {
    const order = await opened([], {}, keyed)
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    const asked = Object.fromEntries(of(order.last, 'task-offered').map(({ task, unit, person }) => [task, [unit, person]]))
    expect(asked['work-a:north.1']).toEqual(['north', undefined])
    expect(asked['work-a:south.1']).toEqual(['south', undefined])
    expect(asked['work-a:nowhere.1']).toEqual(['north', 'm-1'])
    expect(order.last.offers.map(({ explanation }) => explanation.reason)).toEqual([undefined, undefined, 'named-not-free'])
  })
})

describe('a step that has climbed', () => {
  const climbing = (to: 'supervisor' | readonly ['technical-dept']) =>
    process(
      defineSpec({
        ...sampleSpec,
        steps: { ...sampleSpec.steps, 'work-a': { ...sampleSpec.steps['work-a'], climbs: { on: 'work-a=stuck', times: 2, to } } },
      }),
      async (order) => {
        await order.step('draft')
        while ((await order.step('work-a')) === 'stuck');
        return 'done'
      },
    )
  const units: PlanFacts['units'] = new Map([
    ['north', { parent: 'top', leader: 'm-1' }],
    ['top', { leader: 'top-boss' }],
  ])
  const stuck = async (order: Planned, n: number) => {
    await order.act('m-1', { type: 'complete', task: `work-a.${n}`, outcome: 'stuck' })
  }

  it('goes to the superior of whoever did it last, and to nobody before', async () => {
    const order = await opened([], { units }, climbing('supervisor'))
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    await stuck(order, 1)
    expect(order.task('work-a')).toMatchObject({ status: 'offered', person: 'm-1' })
    await stuck(order, 2)
    expect(order.task('work-a')).toMatchObject({ status: 'undispatched', queue: 'supervisor', unit: 'north', person: 'top-boss' })
    expect(order.last.offers[0]?.explanation).toMatchObject({ by: 'queue', reason: 'climbed' })
    expect(order.told).toContain('task-queued: top-boss')
  })

  it('goes to the roles that it climbed to', async () => {
    const expert = candidate('t-1', 'technical-dept')
    const people = new Map([...staff, expert].map((one) => [one.id, one]))
    const order = await opened([], { people }, climbing(['technical-dept']))
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    await stuck(order, 1)
    await stuck(order, 2)
    expect(order.task('work-a')).toMatchObject({ roles: ['technical-dept'], person: 't-1' })
  })
})

describe('an expiry and an offer that run out together', () => {
  it('leave the outcome of the clock, and nothing to ask', async () => {
    const order = await opened([rule('default', 'offer')])
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    expect(order.task('work-b').person).toBe('f-1')
    // The acceptance runs out after 10 minutes, the step itself after two hours; the engine looks only now.
    await order.tick(130 * MINUTE)
    const types = order.last.own.map(({ type, data }) => [type, (data as { task?: string }).task])
    expect(types).toContainEqual(['offer-expired', 'work-b.1'])
    expect(types).toContainEqual(['task-completed', 'work-b.1'])
    expect(order.state.tasks).not.toHaveProperty(['work-b.1'])
    const events = order.last.own
    expect(asks(sampleSpec, order.state, order.state, events).map(({ task }) => task)).not.toContain('work-b.1')
  })
})
