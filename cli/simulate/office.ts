/** Opens the office: everybody logs in, and what all of them need is at hand. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { demoPassword } from '../../prisma/seed/index.ts'
import { people as demoPeople } from '../../prisma/seed/organisation.ts'
import { Api, GaveUp, type Session } from './api.ts'
import { type Habits, usualHabits } from './choose.ts'
import { Crew, type Player, logInAll, playersOf } from './crew.ts'
import type { Office } from './drive.ts'
import type { Stats } from './stats.ts'
import type { Page, ProcessSummary, ProcessView, Random, StaffView } from './view.ts'
import { Claims } from './work.ts'

/** What is wrong with the command line, or with what it finds. The message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface OfficeOptions {
  /** The API, without a trailing slash. */
  url: string
  stats: Stats
  stop: AbortSignal
  /** 1: ten seconds of thought before an action. Default: no thought. */
  speed?: number
  habits?: Habits
  fetch?: typeof fetch
  /** Ms for which a request is repeated while the server fails, and between two tries at most. */
  patience?: number
  longestPause?: number
}

export interface Opened {
  office: Office
  claims: Claims
  processes: ProcessSummary[]
  /** Logins with another password than the demo's. */
  failed: string[]
}

/** @throws UsageError when nobody answers, or the demo data is not there */
export async function openOffice({
  url,
  stats,
  stop,
  speed = Number.POSITIVE_INFINITY,
  habits = usualHabits,
  ...asking
}: OfficeOptions): Promise<Opened> {
  const { crew, observer, failed } = await assemble(new Api({ url, stats, stop, ...asking }))
  const session = crew.session(observer)
  const { items: processes } = await must<Page<ProcessSummary>>(session, '/processes')
  const claims = new Claims()
  const office: Office = {
    crew,
    stats,
    observer,
    stop,
    habits,
    process: remembered((id) => must<ProcessView>(session, `/processes/${id}`)),
    resources: async (player) => {
      const page = await crew.session(player).get<Page<{ id: string }>>('/resources?kind=circuit&free=true&limit=50')
      return page.ok ? page.body.items.map(({ id }) => id) : []
    },
    products: rememberedBy(
      ({ id }) => id,
      async (player: Player) => {
        const page = await crew.session(player).get<Page<{ product: string }>>('/services?limit=200')
        return page.ok ? [...new Set(page.body.items.map(({ product }) => product))] : []
      },
    ),
    agents: rememberedBy(
      ({ id }) => id,
      async (player: Player) => {
        const page = await crew.session(player).get<Page<{ id: string }>>('/agents?limit=50')
        return page.ok ? page.body.items.map(({ id }) => id) : []
      },
    ),
    customers: rememberedBy(
      ({ id }) => id,
      async (player: Player) => {
        const page = await crew.session(player).get<Page<{ id: string }>>('/customers?limit=200')
        return page.ok ? page.body.items.map((customer) => customer.id) : []
      },
    ),
    key: keys(),
    think: (random) => think(random, speed, stop),
    claim: (order) => claims.isFree(order) && claims.claim(order),
    release: (order) => claims.release(order),
  }
  return { office, claims, processes, failed }
}

/** Ms of thought before an action at speed 1, on average. */
const THOUGHT_MS = 10_000

/** Everybody of the demo data, and a supervisor who sees all orders. */
async function assemble(api: Api): Promise<{ crew: Crew; observer: Player; failed: string[] }> {
  const first = demoPeople.find(({ roles }) => roles.includes('vp-in-charge'))
  if (!first) throw new UsageError('The demo data has nobody who sees everything.')
  const session = await api.logIn(first.login, demoPassword).catch((error: unknown) => {
    if (error instanceof GaveUp) throw new UsageError(`Nobody answers at ${api.url}: ${error.message}`)
    throw new UsageError(`${(error as Error).message}. The simulator plays the people of the demo data; is it in the database?`)
  })
  const staff: StaffView[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page<StaffView> = await must(session, `/staff?${new URLSearchParams({ limit: '200', ...(cursor && { cursor }) })}`)
    staff.push(...page.items)
    cursor = page.page.next
  }
  const players = playersOf(staff, new Map(demoPeople.map(({ id, login }) => [id, login])))
  const { sessions, failed } = await logInAll(api, players, demoPassword)
  const crew = new Crew(players, sessions)
  const observer = crew.player(first.id)
  if (!observer) throw new UsageError(`The API does not list ${first.login} among its staff.`)
  return { crew, observer, failed }
}

/** @throws UsageError when it is refused */
async function must<T>(session: Session, path: string): Promise<T> {
  const answer = await session.get<T>(path)
  if (answer.ok) return answer.body
  throw new UsageError(`GET ${path} is refused to ${session.login}: ${answer.code} ${answer.detail ?? ''}`)
}

const remembered = <T>(ask: (id: string) => Promise<T>) => rememberedBy((id: string) => id, ask)

function rememberedBy<K, T>(name: (key: K) => string, ask: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (key) => {
    const answer = known.get(name(key)) ?? ask(key)
    known.set(name(key), answer)
    return answer
  }
}

/** New in every run, also with the same seed: a key stands for one intention. */
function keys(): () => string {
  const run = randomUUID()
  let n = 0
  return () => `sim-${run}-${++n}`
}

async function think(random: Random, speed: number, stop: AbortSignal): Promise<void> {
  if (!Number.isFinite(speed)) return
  const ms = ((0.5 + random()) * THOUGHT_MS) / speed
  await sleep(ms, undefined, { signal: stop }).catch(() => {})
}
