/**
 * The whole choice of a person, as a planned move makes it: role, unit along the region tree, skill level, load, capacity, shift, absence,
 * the customer's own account manager, and who has refused before; with the explanation that is kept.
 */
import { describe, expect, it } from 'vitest'
import { type Candidate, explanationDigest, judged, type Verdict } from '../../../domain/order/offer.ts'
import { defineSpec } from '../../../domain/order/spec.ts'
import { process } from '../../../workflows/kit/process.ts'
import { sample, sampleSpec } from '../../support/sample.ts'
import { candidate, facts, of, Planned, policy } from './planned.ts'

const county = '/cn/js/nj/gulou'
const limits = [policy({}), policy({ kind: 'dispatch', budget: '15m' })]

const spec = defineSpec({
  ...sampleSpec,
  steps: { ...sampleSpec.steps, draft: { ...sampleSpec.steps.draft, who: ['account-manager', 'maintenance-dept'], skillFact: 'skill' } },
})
const kind = process(spec, sample.body as never)

const engineer = (id: string, more: Partial<Candidate> & { at?: string } = {}) =>
  candidate(id, 'maintenance-dept', { at: county, unit: 'station', ...more })
const manager = (id: string, more: Partial<Candidate> & { at?: string } = {}) =>
  candidate(id, 'account-manager', { at: '/cn/js/nj', unit: 'kac', ...more })

/** The move that opens the step, for an order in the county whose customer has the manager `own`. */
async function offered(people: Candidate[]) {
  const known = facts(people, limits, { customer: { grade: 'local-a', tags: [], accountManager: 'own' } })
  const order = new Planned(kind, known)
  const planned = await order.open({ region: county, facts: { skill: 'atm' } })
  const { explanation, digest } = planned.offers[0]!
  const verdicts = Object.fromEntries((explanation.candidates ?? []).map((one) => [one.person, one]))
  return { order, planned, explanation, digest, verdicts }
}

describe('who is asked', () => {
  it.each<[what: string, better: Candidate, worse: Candidate, score: [number, number]]>([
    ['with the role, before one with a later role of the step', manager('z', { at: county }), engineer('a'), [55, 52]],
    ['of the unit in the county, before one of the city', engineer('z'), engineer('a', { at: '/cn/js/nj' }), [52, 42]],
    ['of the city, before one of the province', engineer('z', { at: '/cn/js/nj' }), engineer('a', { at: '/cn/js' }), [42, 32]],
    ['with the higher skill', engineer('z', { skills: { atm: 3 } }), engineer('a', { skills: { atm: 2 } }), [76, 68]],
    ['with the skill, before one with another', engineer('z', { skills: { atm: 1 } }), engineer('a', { skills: { fr: 3 } }), [60, 52]],
    ['with less to do', engineer('z', { load: 1 }), engineer('a', { load: 2 }), [48, 44]],
    ['on duty', engineer('z'), engineer('a', { onShift: false }), [52, 37]],
    ['on duty as far as anybody knows', engineer('z', { onShift: undefined }), engineer('a', { onShift: false }), [47, 37]],
    ['an expert of the city, before a beginner next door', engineer('z', { at: '/cn/js/nj', skills: { atm: 3 } }), engineer('a'), [66, 52]],
    ['who keeps the customer, however busy', manager('own', { load: 9, onShift: false }), engineer('a', { skills: { atm: 3 } }), [94, 76]],
    ['who keeps the customer, before colleagues', manager('own', { load: 3 }), manager('a'), [133, 45]],
  ])('is the one %s', async (_what, better, worse, score) => {
    for (const people of [
      [better, worse],
      [worse, better],
    ]) {
      const { planned, verdicts, explanation, digest } = await offered(people)
      expect(of(planned, 'task-offered')).toMatchObject([{ person: better.id, why: digest }])
      expect([verdicts[better.id]?.score, verdicts[worse.id]?.score]).toEqual(score)
      expect(explanation.candidates?.map(({ person }) => person)).toEqual([better.id, worse.id])
    }
  })

  it.each<[what: string, Candidate, Verdict['not']]>([
    ['has left', engineer('a', { active: false }), 'inactive'],
    ['works elsewhere', engineer('a', { at: '/cn/js/sz' }), 'out-of-region'],
    ['is away without a deputy', engineer('a', { absent: true }), 'absent'],
    ['has as much as he can take', engineer('a', { load: 3, capacity: 3 }), 'at-capacity'],
    ['has more than he can take', engineer('a', { load: 4, capacity: 3 }), 'at-capacity'],
    ['can take nothing', engineer('a', { capacity: 0 }), 'at-capacity'],
    ['keeps the customer but is full', manager('own', { load: 2, capacity: 2 }), 'at-capacity'],
    ['is away, with a deputy who is full', engineer('a', { absent: true, delegate: { to: 'full' } }), 'at-capacity'],
  ])('is not who %s', async (_what, person, not) => {
    const full = candidate('full', 'finance-dept', { load: 1, capacity: 1 })
    const { planned, verdicts } = await offered([person, full, engineer('z', { load: 8, at: '/cn/js', onShift: false })])
    expect(of(planned, 'task-offered')).toMatchObject([{ person: 'z' }])
    expect(verdicts[person.id]?.not).toBe(not)
    expect(verdicts[person.id]?.score).toBeUndefined()
  })

  it('is judged by whoever would do the work: the deputy, with his own skill, load and room', async () => {
    const away = engineer('a', { absent: true, delegate: { to: 'deputy' }, load: 9, capacity: 3 })
    const deputy = candidate('deputy', 'finance-dept', { skills: { atm: 3 }, load: 1, capacity: 2 })
    const { planned, verdicts } = await offered([away, deputy])
    expect(of(planned, 'task-offered')).toMatchObject([{ person: 'deputy', absent: 'a' }])
    expect(verdicts.a).toMatchObject({ skill: 24, load: -4, via: 'deputy' })
  })

  it('room for one more is room', async () => {
    const { planned } = await offered([engineer('a', { load: 2, capacity: 3 })])
    expect(of(planned, 'task-offered')).toMatchObject([{ person: 'a' }])
  })

  it('is nobody where all are full: the task waits at the desk, with the reason of each', async () => {
    const { planned, explanation, order } = await offered([
      engineer('a', { load: 1, capacity: 1 }),
      engineer('b', { load: 5, capacity: 2 }),
      candidate('d', 'dispatcher'),
    ])
    expect(of(planned, 'task-offered')).toEqual([])
    expect(of(planned, 'task-queued')).toMatchObject([{ queue: 'dispatcher', unit: 'dispatcher@/cn/js/nj' }])
    expect(explanation).toMatchObject({ by: 'queue', reason: 'nobody-is-free' })
    expect(explanation.candidates?.map(({ person, not }) => [person, not])).toEqual([
      ['a', 'at-capacity'],
      ['b', 'at-capacity'],
    ])
    expect(order.state.clocks['draft.1/dispatch']).toBeDefined()
    // A dispatcher's word counts all the same.
    await order.act('d', { type: 'dispatch', task: 'draft.1', person: 'a' })
    expect(order.task('draft').person).toBe('a')
  })

  it('is asked to sign whatever he has to do, where nobody else could', async () => {
    const order = new Planned(
      sample,
      facts(
        [
          candidate('kac-1', 'kac-staff'),
          candidate('m', 'maintenance-dept'),
          candidate('f', 'finance-dept'),
          candidate('b', 'business-dept', { load: 3, capacity: 3 }),
          candidate('l-full', 'lawyer', { load: 3, capacity: 3 }),
          candidate('l-free', 'lawyer', { load: 9 }),
        ],
        limits,
      ),
    )
    await order.open()
    await order.act('kac-1', { type: 'complete', task: 'draft.1', outcome: 'drafted' })
    await order.act('m', { type: 'complete', task: 'work-a.1', outcome: 'done' })
    await order.act('f', { type: 'complete', task: 'work-b.1', outcome: 'done' })
    expect(order.task('countersign').parties).toMatchObject({ business: { person: 'b' }, lawyer: { person: 'l-free' } })
  })

  it('is not who refused or gave it back, and the explanation that is kept says so', async () => {
    const people = [engineer('a'), engineer('b', { load: 1 }), candidate('d', 'dispatcher')]
    const { order } = await offered(people)
    await order.act('a', { type: 'refuse', task: 'draft.1', reason: 'ill' })
    expect(order.last.offers[0]?.explanation).toEqual({ by: 'queue', reason: 'refused' })
    expect(order.state.notAgain).toEqual({ draft: ['a'] })
    const again = judged(order.facts.people, { roles: ['maintenance-dept'], region: county, barred: { a: 'not-again' } })
    expect(again.map(({ person, not }) => [person, not])).toEqual([
      ['b', undefined],
      ['a', 'not-again'],
    ])
  })

  it('is found the same again, by an explanation that can be verified', async () => {
    const people = [engineer('a'), engineer('b'), manager('own')]
    const [first, second] = [await offered(people), await offered([...people].reverse())]
    expect(second.explanation).toEqual(first.explanation)
    expect(second.digest).toBe(first.digest)
    expect(explanationDigest(first.explanation)).toBe(first.digest)
  })
})
