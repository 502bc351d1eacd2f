import { describe, expect, it } from 'vitest'
import {
  type Candidate,
  choose,
  chooseUnit,
  covers,
  delegateOf,
  distance,
  explanationDigest,
  helpers,
  type OfferRequest,
} from '../../../domain/order/offer.ts'

const person = (id: string, more: Partial<Candidate> & { role?: string; at?: string } = {}): Candidate => {
  const { role = 'maintenance-dept', at = '/cn/js/nj', ...rest } = more
  const unit = rest.unit ?? `unit${at}`
  return {
    id,
    unit,
    region: at,
    active: true,
    roles: [{ role, unit, region: at }],
    skills: {},
    absent: false,
    onShift: true,
    load: 0,
    ...rest,
  }
}
const people = (...all: Candidate[]) => new Map(all.map((p) => [p.id, p]))
const request: OfferRequest = { roles: ['maintenance-dept', 'vendor'], region: '/cn/js/nj/gulou' }
const verdict = (explanation: { candidates?: readonly { person: string }[] }, id: string) =>
  explanation.candidates?.find((c) => c.person === id)

describe('choose', () => {
  it('takes the nearest of those who cover the region', () => {
    const { chosen, explanation } = choose(
      people(
        person('province', { at: '/cn/js' }),
        person('county', { at: '/cn/js/nj/gulou' }),
        person('city'),
        person('elsewhere', { at: '/cn/js/sz' }),
      ),
      request,
    )
    expect(chosen).toEqual({ person: 'county', unit: 'unit/cn/js/nj/gulou' })
    expect(explanation.candidates?.map(({ person: id, not, near }) => [id, not ?? near])).toEqual([
      ['county', 40],
      ['city', 30],
      ['province', 20],
      ['elsewhere', 'out-of-region'],
    ])
  })

  it.each([
    ['skill', { skills: { atm: 3 } }, { skills: { atm: 1 } }],
    ['skill at all', { skills: { atm: 1 } }, { skills: { fr: 3 } }],
    ['load', { load: 1 }, { load: 2 }],
    ['duty', { onShift: true }, { onShift: false }],
    ['known duty over unknown', { onShift: true }, { onShift: undefined }],
    ['unknown duty over none', { onShift: undefined }, { onShift: false }],
  ])('prefers more of %s', (_what, better, worse) => {
    // The better one has the higher id, so that a tie would go the other way.
    const { chosen } = choose(people(person('a', worse), person('b', better)), { ...request, skill: 'atm' })
    expect(chosen?.person).toBe('b')
  })

  it('gives a tie to the lower id, whatever the order of the candidates', () => {
    const [a, b, c] = [person('a'), person('b'), person('c')]
    expect(choose(people(c, b, a), request).chosen?.person).toBe('a')
    expect(choose(people(a, c, b), request)).toEqual(choose(people(b, a, c), request))
  })

  it("asks the customer's own account manager first, however busy", () => {
    const managers = people(person('a', { role: 'account-manager' }), person('own', { role: 'account-manager', load: 9, onShift: false }))
    expect(choose(managers, { ...request, roles: ['account-manager'], accountManager: 'own' }).chosen?.person).toBe('own')
    expect(choose(managers, { ...request, roles: ['account-manager'] }).chosen?.person).toBe('a')
  })

  it("asks the product's vendor first and no other", () => {
    const all = people(
      person('ours', { at: '/cn/js/nj/gulou' }),
      person('v1', { role: 'vendor', unit: 'vendor-1', at: '/cn/js' }),
      person('v2', { role: 'vendor', unit: 'vendor-2', at: '/cn/js' }),
    )
    const { chosen, explanation } = choose(all, { ...request, vendorUnit: 'vendor-2' })
    expect(chosen).toEqual({ person: 'v2', unit: 'vendor-2' })
    expect(verdict(explanation, 'v1')).toMatchObject({ not: 'other-vendor' })
    expect(choose(all, request).chosen?.person).toBe('ours')
  })

  it('says of everybody why not', () => {
    const { chosen, explanation } = choose(
      people(
        person('ok'),
        person('left', { active: false }),
        person('drafter'),
        person('refuser'),
        person('signer'),
        person('away', { absent: true }),
        person('round-1', { absent: true, delegate: { to: 'round-2' } }),
        person('round-2', { absent: true, delegate: { to: 'round-1' } }),
        person('to-left', { absent: true, delegate: { to: 'left' } }),
        person('to-drafter', { absent: true, delegate: { to: 'drafter' } }),
        person('stranger', { role: 'finance-dept' }),
      ),
      { ...request, barred: { drafter: 'duties', refuser: 'not-again', signer: 'other-party' } },
    )
    expect(chosen?.person).toBe('ok')
    expect(Object.fromEntries(explanation.candidates!.map(({ person: id, not }) => [id, not]))).toEqual({
      ok: undefined,
      left: 'inactive',
      drafter: 'duties',
      refuser: 'not-again',
      signer: 'other-party',
      away: 'absent',
      'round-1': 'delegate-circle',
      'round-2': 'delegate-circle',
      'to-left': 'delegate-absent',
      'to-drafter': 'delegate-barred',
    })
  })

  it('asks the delegate of somebody absent, through a chain, and says for whom', () => {
    const all = people(
      person('a', { absent: true, delegate: { to: 'b' } }),
      person('b', { absent: true, delegate: { to: 'c' }, role: 'other' }),
      person('c', { role: 'other', unit: 'elsewhere' }),
    )
    const { chosen, explanation } = choose(all, request)
    expect(chosen).toEqual({ person: 'c', unit: 'elsewhere', absent: 'a' })
    expect(verdict(explanation, 'a')).toMatchObject({ via: 'c' })
    // Somebody who is there goes before a delegate.
    expect(choose(new Map([...all, ['d', person('d')]]), request).chosen?.person).toBe('d')
  })

  it('follows a delegation only for the roles that it names', () => {
    const of = (roles?: string[]) =>
      people(person('a', { absent: true, delegate: { to: 'b', ...(roles && { roles }) } }), person('b', { role: 'other' }))
    expect(choose(of(['vendor']), request).chosen).toBeUndefined()
    expect(choose(of(['maintenance-dept']), request).chosen?.person).toBe('b')
    expect(choose(of([]), request).chosen?.person).toBe('b')
  })

  it('finds nobody, and says whether anybody has the role', () => {
    expect(choose(people(person('x', { role: 'other' })), request)).toMatchObject({
      chosen: undefined,
      explanation: { reason: 'nobody-has-the-role' },
    })
    expect(choose(people(person('x', { absent: true })), request)).toMatchObject({
      chosen: undefined,
      explanation: { reason: 'nobody-is-free' },
    })
    expect(choose(people(person('x', { absent: true })), { ...request, evenAbsent: true }).chosen?.person).toBe('x')
  })

  it('counts the grant that is nearest, not the unit that pays the salary', () => {
    const two = person('two', {
      unit: 'hq',
      region: '/cn/js',
      roles: [
        { role: 'vendor', unit: 'hq', region: '/cn/js' },
        { role: 'maintenance-dept', unit: 'gulou', region: '/cn/js/nj/gulou' },
      ],
    })
    expect(choose(people(two), request).chosen).toEqual({ person: 'two', unit: 'gulou' })
  })

  it('lists at most 25 and counts the rest', () => {
    const many = people(...Array.from({ length: 40 }, (_, i) => person(`p${String(i).padStart(2, '0')}`)))
    expect(choose(many, request).explanation).toMatchObject({ more: 15 })
    expect(choose(many, request).explanation.candidates).toHaveLength(25)
  })
})

describe('chooseUnit', () => {
  it('takes the nearest unit with somebody who may; then more people on duty, then less work', () => {
    const near = [person('n1', { unit: 'near', at: '/cn/js/nj/gulou' }), person('n2', { unit: 'near', at: '/cn/js/nj/gulou' })]
    const far = [person('f1', { unit: 'far' }), person('f2', { unit: 'far', onShift: false })]
    const other = [person('o1', { unit: 'other' }), person('o2', { unit: 'other' })]
    expect(chooseUnit(people(...near, ...far, ...other), request).chosen).toEqual({ unit: 'near' })
    expect(chooseUnit(people(...far, ...other), request).chosen).toEqual({ unit: 'other' })
    expect(chooseUnit(people(...near, ...far), { ...request, barred: { n1: 'not-again', n2: 'not-again' } }).chosen).toEqual({
      unit: 'far',
    })
    expect(chooseUnit(people(person('a1', { unit: 'a', load: 3 }), person('b1', { unit: 'b', load: 2 })), request).chosen).toEqual({
      unit: 'b',
    })
    expect(
      chooseUnit(people(person('x', { absent: true, delegate: { to: 'y' } }), person('y', { role: 'other' })), request).chosen,
    ).toBeUndefined()
  })

  it('knows who may help himself', () => {
    const all = people(
      person('a', { unit: 'u' }),
      person('b', { unit: 'u', absent: true }),
      person('c', { unit: 'u', active: false }),
      person('d', { unit: 'u', role: 'other' }),
      person('e', { unit: 'v' }),
    )
    expect(helpers(all, 'u', ['maintenance-dept'])).toEqual(['a'])
  })
})

describe('distance and cover', () => {
  it.each([
    ['/cn/js/nj', '/cn/js/nj', 0],
    ['/cn/js/nj', '/cn/js/nj/gulou', 1],
    ['/cn/js', '/cn/js/nj/gulou', 2],
    ['/cn/js/nj/gulou', '/cn/js/nj/jiangning', 2],
    ['/cn/js/sz/wuzhong', '/cn/js/nj/gulou', 4],
  ])('from %s to %s is %i', (a, b, steps) => {
    expect(distance(a, b)).toBe(steps)
    expect(distance(b, a)).toBe(steps)
  })

  it('does not take a name that only begins alike for a part', () => {
    expect(covers('/cn/js/nj', '/cn/js/njx')).toBe(false)
    expect(covers('/cn/js', '/cn/js')).toBe(true)
    expect(covers('/cn/js/nj', '/cn/js')).toBe(false)
  })
})

describe('explanations', () => {
  it('have one digest for one content, whatever the order of its keys', () => {
    const one = explanationDigest({ by: 'held', chosen: { unit: 'u', person: 'p' } })
    expect(one).toMatch(/^[0-9a-f]{16}$/)
    expect(explanationDigest({ chosen: { person: 'p', unit: 'u' }, by: 'held' })).toBe(one)
    expect(explanationDigest({ by: 'held', chosen: { unit: 'u', person: 'q' } })).not.toBe(one)
  })

  it('never go round in circles', () => {
    const circle = people(...['a', 'b', 'c'].map((id, i, all) => person(id, { absent: true, delegate: { to: all[(i + 1) % 3]! } })))
    for (const id of circle.keys()) expect(delegateOf(id, 'maintenance-dept', circle)).toEqual({ not: 'delegate-circle' })
  })
})
