/** The staff whose parts are played: who they are, who can do what, and their sessions. */
import { inGroup } from '../../domain/roles.ts'
import { type Api, GaveUp, type Session } from './api.ts'
import type { Random, StaffView } from './view.ts'
import { oneOf } from './view.ts'

export interface Player {
  id: string
  login: string
  name: string
  unit: string
  region: string
  roles: readonly string[]
  units: readonly string[]
  absent: boolean
  external: boolean
}

export class Crew {
  readonly players: readonly Player[]
  private readonly byId: ReadonlyMap<string, Player>
  private readonly sessions: ReadonlyMap<string, Session>
  private readonly acted = new Set<string>()

  /** @param sessions by the id of the person; who has none does not play */
  constructor(players: readonly Player[], sessions: ReadonlyMap<string, Session>) {
    this.players = players.filter(({ id }) => sessions.has(id))
    this.byId = new Map(this.players.map((player) => [player.id, player]))
    this.sessions = sessions
  }

  player(id: string): Player | undefined {
    return this.byId.get(id)
  }

  session(player: Player): Session {
    return this.sessions.get(player.id)!
  }

  /** Notes that the person has done something. */
  worked(player: Player): void {
    this.acted.add(player.id)
  }

  get workedCount(): number {
    return this.acted.size
  }

  /** Members of a unit who have one of the roles; with none of them, all members. */
  inUnit(unit: string, roles: readonly string[]): Player[] {
    const members = this.present(this.players.filter(({ units }) => units.includes(unit)))
    const fitting = members.filter((player) => roles.length === 0 || player.roles.some((role) => roles.includes(role)))
    return fitting.length > 0 ? fitting : members
  }

  /** Supervisors whose region holds this one, the nearest first. */
  supervisors(region: string): Player[] {
    return this.over(region).filter(({ roles }) => inGroup(roles, 'supervisor'))
  }

  /** Who may dispatch from a queue: those of the role that it belongs to first, then other dispatchers and supervisors. */
  desk(queue: string | null, region: string): Player[] {
    const all = this.over(region).filter(({ roles }) => inGroup(roles, 'dispatcher') || inGroup(roles, 'supervisor'))
    if (queue === null) return all
    return [...all.filter(({ roles }) => roles.includes(queue)), ...all.filter(({ roles }) => !roles.includes(queue))]
  }

  /** Who could be given work for these roles by somebody: on his line, up or down. */
  fitting(roles: readonly string[], by: Player, not: ReadonlySet<string> = new Set()): Player[] {
    return this.present(this.players).filter(
      (player) =>
        !not.has(player.id) &&
        (player.roles.some((role) => roles.includes(role)) || roles.length === 0) &&
        (isWithin(player.region, by.region) || isWithin(by.region, player.region)),
    )
  }

  /** Ours whose region holds this one; nearer regions first. */
  private over(region: string): Player[] {
    return this.present(this.players.filter((player) => !player.external && isWithin(region, player.region))).sort(
      (a, b) => b.region.length - a.region.length || (a.id < b.id ? -1 : 1),
    )
  }

  private present(players: readonly Player[]): Player[] {
    return players.filter(({ absent }) => !absent)
  }
}

/** `region` is `of` or lies below it. */
export const isWithin = (region: string, of: string): boolean => region === of || region.startsWith(`${of}/`)

/**
 * Staff by the API, with the logins of the demo data: the API tells nobody's login.
 *
 * @param logins login by id
 */
export function playersOf(staff: readonly StaffView[], logins: ReadonlyMap<string, string>): Player[] {
  return staff.flatMap((one): Player[] => {
    const login = logins.get(one.id)
    if (login === undefined) return []
    const roles = [...new Set(one.roles.map(({ role }) => role))]
    const units = [...new Set([one.unit, ...one.roles.map(({ unit }) => unit)])]
    return [
      {
        id: one.id,
        login,
        name: one.name.en,
        unit: one.unit,
        region: one.region,
        roles,
        units,
        absent: one.absent,
        external: roles.includes('vendor'),
      },
    ]
  })
}

/** One of the list, for the moment; spread, so that not always the first one works. */
export const someOf = <T>(random: Random, list: readonly T[], most: number): T[] => {
  const rest = [...list]
  const chosen: T[] = []
  while (chosen.length < most && rest.length > 0) {
    const one = oneOf(random, rest)!
    rest.splice(rest.indexOf(one), 1)
    chosen.push(one)
  }
  return chosen
}

/** Lets everybody log in, a few at a time. Who can't is named in `failed`. @throws GaveUp when the server does not answer */
export async function logInAll(
  api: Api,
  players: readonly Player[],
  password: string,
): Promise<{ sessions: Map<string, Session>; failed: string[] }> {
  const sessions = new Map<string, Session>()
  const failed: string[] = []
  const rest = players.values()
  const lane = async () => {
    for (const { id, login } of rest) {
      try {
        sessions.set(id, await api.logIn(login, password))
      } catch (error) {
        if (error instanceof GaveUp) throw error
        failed.push(login)
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  return { sessions, failed }
}
