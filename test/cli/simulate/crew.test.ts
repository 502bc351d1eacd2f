import { describe, expect, it } from 'vitest'
import type { Session } from '../../../cli/simulate/api.ts'
import { Crew, isWithin, playersOf, someOf } from '../../../cli/simulate/crew.ts'
import { partsOf } from '../../../cli/simulate/drive.ts'
import { chance } from '../../../prisma/seed/rows.ts'
import { aParty, aPlayer, aProcess, aTask, anOrder } from './fixtures.ts'

const players = [
  aPlayer('boss', { unit: 'top', region: '/cn/js', roles: ['vp-in-charge', 'supervisor'] }),
  aPlayer('lead', { region: '/cn/js/nj', roles: ['maintenance-dept', 'supervisor'] }),
  aPlayer('st-1'),
  aPlayer('st-2', { unit: 'law', region: '/cn/js', roles: ['lawyer'] }),
  aPlayer('ill', { absent: true }),
  aPlayer('far', { unit: 'sz', region: '/cn/js/sz', roles: ['maintenance-dept', 'supervisor'] }),
  aPlayer('watch', { unit: 'mc', region: '/cn/js', roles: ['monitor-centre'] }),
  aPlayer('vendor', { unit: 'v', region: '/cn/js', roles: ['vendor', 'supervisor'], external: true }),
  aPlayer('stranger', { roles: ['maintenance-dept'] }),
]
const sessions = new Map(players.filter(({ id }) => id !== 'stranger').map(({ id }) => [id, { login: id } as Session]))
const crew = new Crew(players, sessions)
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id)

describe('the crew', () => {
  it('plays only who could log in', () => {
    expect(crew.player('stranger')).toBeUndefined()
    expect(crew.players).toHaveLength(players.length - 1)
  })

  it('finds members of a unit who can do it, and all of them where nobody has the role', () => {
    expect(ids(crew.inUnit('u-1', ['maintenance-dept']))).toEqual(['lead', 'st-1'])
    expect(ids(crew.inUnit('u-1', ['lawyer']))).toEqual(['lead', 'st-1'])
    expect(ids(crew.inUnit('nowhere', []))).toEqual([])
  })

  it('finds supervisors over a region, the nearest first, nobody from outside', () => {
    expect(ids(crew.supervisors('/cn/js/nj/gulou'))).toEqual(['lead', 'boss'])
  })

  it('finds the desk of a queue: its role first', () => {
    expect(ids(crew.desk('monitor-centre', '/cn/js/nj/gulou'))).toEqual(['watch', 'lead', 'boss'])
    expect(ids(crew.desk('supervisor', '/cn/js/sz'))).toEqual(['far', 'boss', 'watch'])
  })

  it('finds whom somebody may name: on the line, present, with the role', () => {
    const by = players[1]!
    expect(ids(crew.fitting(['maintenance-dept'], by))).toEqual(['lead', 'st-1'])
    expect(ids(crew.fitting(['maintenance-dept'], by, new Set(['st-1'])))).toEqual(['lead'])
    expect(ids(crew.fitting(['maintenance-dept'], players[0]!))).toEqual(['lead', 'st-1', 'far'])
  })

  it('tells regions apart that begin alike', () => {
    expect([
      isWithin('/cn/js', '/cn/js'),
      isWithin('/cn/js/nj', '/cn/js'),
      isWithin('/cn/jsx', '/cn/js'),
      isWithin('/cn', '/cn/js'),
    ]).toEqual([true, true, false, false])
  })

  it('takes staff whose login is known', () => {
    const staff = (id: string) => ({
      id,
      name: { en: id, zh: id },
      unit: 'u',
      region: '/cn',
      roles: [
        { role: 'vendor', unit: 'w' },
        { role: 'vendor', unit: 'u' },
      ],
      skills: [],
      absent: false,
    })
    expect(playersOf([staff('a'), staff('b')], new Map([['a', 'anna']]))).toEqual([
      { id: 'a', login: 'anna', name: 'a', unit: 'u', region: '/cn', roles: ['vendor'], units: ['u', 'w'], absent: false, external: true },
    ])
  })

  it('picks some of a list without repeating', () => {
    const some = someOf(chance(1), [1, 2, 3, 4], 3)
    expect(new Set(some).size).toBe(3)
    expect(someOf(chance(1), [1], 3)).toEqual([1])
  })
})

describe('who could do something about a task', () => {
  const suspension = { reason: 'r', party: 'own', until: null }
  const table: [string, Parameters<typeof aTask>[0], string[][]][] = [
    ['offered to a person: that one', { status: 'offered' }, [['st-1']]],
    ['offered to a unit: its members', { status: 'offered', person: null }, [['lead', 'st-1']]],
    ['held by somebody who does not play: nobody', { person: 'stranger', unit: null }, []],
    ['undispatched: the desk', { status: 'undispatched', person: null, unit: null, queue: 'monitor-centre' }, [['watch', 'lead', 'boss']]],
    ['suspended: the holder, then supervisors', { suspended: suspension }, [['st-1', 'lead', 'boss']]],
    ['a suspension asked for: supervisors', { suspendAsked: { ...suspension, by: 'st-1' } }, [['lead', 'boss']]],
    [
      'more time asked for: a supervisor, then the holder',
      { extensionAsked: { clock: 'repair', moreMs: 1, reason: 'r', by: 'st-1' } },
      [['lead', 'st-1']],
    ],
    ['of the machine: nobody', { status: 'automatic' }, []],
    [
      'of the machine, failed: who may dispatch it',
      { status: 'automatic', failed: { message: 'm', times: 3 } },
      [['lead', 'boss', 'watch']],
    ],
    ['another order: nobody', { status: 'child', child: 'o-2' }, []],
    ['closed: nobody', { closedAt: '2026-01-05T01:00:00.000Z' }, []],
    [
      'joint: every party that is asked and has not answered',
      {
        parties: [
          aParty(),
          aParty({ party: 'b', person: 'boss', answer: 'agree' }),
          aParty({ party: 'c', person: null, unit: 'mc' }),
          aParty({ party: 'd', person: 'boss', askedAt: null }),
          aParty({ party: 'e', person: 'boss', removedAt: '2026-01-05T01:00:00.000Z' }),
        ],
      },
      [['st-2'], ['watch']],
    ],
  ]
  it.each(table)('%s', (_, task, expected) => {
    expect(partsOf(crew, aProcess(), anOrder([aTask(task)])).map(({ players: found }) => ids(found))).toEqual(expected)
  })
})
