/** The working day: so many people at a time look for work, take an order and bring it on. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fact } from '../../domain/order/spec.ts'
import { chance } from '../../prisma/seed/rows.ts'
import { GaveUp } from './api.ts'
import type { Player } from './crew.ts'
import { type Office, drive } from './drive.ts'
import { fillForm } from './forms.ts'
import type { Page, ProcessSummary, Random, TaskItem } from './view.ts'
import { oneOf } from './view.ts'
import { titleFor } from './words.ts'

export interface WorkOptions {
  office: Office
  people: number
  seed: number
  processes: readonly ProcessSummary[]
  /** Nobody reports anything: only what is open is worked on. */
  onlyOpen?: boolean
  /** True once the run is to end. */
  done: () => boolean
}

/** Orders that somebody works on now, those that wait, and those that nobody could go on with. */
export class Claims {
  private readonly taken = new Set<string>()
  private readonly given = new Set<string>()

  claim(order: string): boolean {
    if (this.taken.has(order)) return false
    this.taken.add(order)
    return true
  }

  release(order: string): void {
    this.taken.delete(order)
  }

  /** Not to be taken by this run any more. */
  giveUp(order: string): void {
    this.given.add(order)
  }

  isFree(order: string): boolean {
    return !this.taken.has(order) && !this.given.has(order)
  }
}

/** Plays until it is done. What is begun is finished: the command in flight, not the order. */
export async function work(options: WorkOptions & { claims: Claims }): Promise<void> {
  const finder = new Finder(options)
  const person = async (n: number) => {
    const random = chance(options.seed * 1_000 + n)
    while (!options.done()) {
      try {
        const order = await finder.next(random)
        if (order === undefined) await sleep(250)
        else await workOn(options, finder, random, order)
      } catch (error) {
        if (!(error instanceof GaveUp)) throw error
        if (options.office.stop.aborted) return
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: options.people }, (_, n) => person(n + 1)))
}

async function workOn({ office, claims }: WorkOptions & { claims: Claims }, finder: Finder, random: Random, order: string): Promise<void> {
  try {
    const result = await drive(office, random, order)
    if (result === 'waits') finder.later(order)
    if (result === 'stuck') claims.giveUp(order)
  } finally {
    claims.release(order)
  }
}

const PAGE = 100
const LATER_MS = 1_500

/** Finds orders by the open tasks that the observer sees, the most urgent first, from each process in turn; where there are none, somebody reports one. */
class Finder {
  private readonly options: WorkOptions & { claims: Claims }
  private readonly waiting: { order: string; from: number }[] = []
  private readonly pages = new Map<string, { orders: string[]; next: string | null }>()
  private turn = 0

  constructor(options: WorkOptions & { claims: Claims }) {
    this.options = options
  }

  /** An order that waits for another: looked at again after a while. */
  later(order: string): void {
    this.waiting.push({ order, from: performance.now() + LATER_MS })
  }

  async next(random: Random): Promise<string | undefined> {
    const { claims, processes } = this.options
    const due = this.waiting.findIndex(({ from }) => from <= performance.now())
    if (due >= 0) {
      const [found] = this.waiting.splice(due, 1)
      if (found && claims.isFree(found.order) && claims.claim(found.order)) return found.order
    }
    for (let i = 0; i < processes.length; i++) {
      const process = processes[this.turn++ % processes.length]!
      const order = (await this.open(process.id)) ?? (this.options.onlyOpen ? undefined : await this.report(random, process))
      if (order !== undefined) return order
    }
    return undefined
  }

  /** A free order of the process with an open task. */
  private async open(process: string): Promise<string | undefined> {
    const { claims } = this.options
    for (let pages = 0; pages < 3; pages++) {
      const known = this.pages.get(process)
      for (let order = known?.orders.shift(); order !== undefined; order = known?.orders.shift())
        if (claims.isFree(order) && claims.claim(order)) return order
      if (known && known.next === null && pages > 0) return undefined
      await this.look(process, known?.next ?? null)
      if (this.pages.get(process)?.orders.length === 0) return undefined
    }
    return undefined
  }

  private async look(process: string, cursor: string | null): Promise<void> {
    const { office } = this.options
    const session = office.crew.session(office.observer)
    const query = new URLSearchParams({ lane: 'all', process, counts: 'false', limit: String(PAGE), ...(cursor && { cursor }) })
    const answer = await session.get<Page<TaskItem>>(`/tasks?${query}`)
    if (!answer.ok) {
      office.stats.refused(answer.code)
      this.pages.set(process, { orders: [], next: null })
      return
    }
    const { items, page } = answer.body
    // What waits for another order is found through that one.
    const orders = [...new Set(items.filter(({ status }) => status !== 'child' && status !== 'automatic').map(({ order }) => order))]
    this.pages.set(process, { orders: orders.filter((order) => this.options.claims.isFree(order)), next: page.next })
  }

  /** Somebody who may starts an order of the process. */
  private async report(random: Random, process: ProcessSummary): Promise<string | undefined> {
    const { office, claims } = this.options
    const player = await this.starter(random, process.id)
    if (!player) return undefined
    const session = office.crew.session(player)
    const own = process.customer === 'none'
    const customer = own ? '' : oneOf(random, await office.customers(player))
    if (customer === undefined) return undefined
    const input = await this.input(random, player, process, customer)
    if (!input) return undefined
    await office.think(random)
    const title = titleFor(random, process)
    const answer = await session.post<{ order: string }>(
      '/orders',
      { process: process.id, ...(!own && { customerId: customer }), title, input },
      office.key(),
    )
    if (!answer.ok) {
      office.stats.refused(answer.code)
      return undefined
    }
    office.stats.did('report', answer.body.order)
    office.stats.reported++
    office.crew.worked(player)
    return claims.claim(answer.body.order) ? answer.body.order : undefined
  }

  private readonly starters = new Map<string, Promise<readonly string[]>>()

  private async starter(random: Random, process: string): Promise<Player | undefined> {
    const { crew } = this.options.office
    for (let i = 0; i < 8; i++) {
      const player = oneOf(
        random,
        crew.players.filter(({ absent, external }) => !absent && !external),
      )
      if (!player) return undefined
      const may = this.starters.get(player.id) ?? this.mayStart(player)
      this.starters.set(player.id, may)
      if ((await may).includes(process)) return player
    }
    return undefined
  }

  private async mayStart(player: Player): Promise<readonly string[]> {
    const session = this.options.office.crew.session(player)
    const answer = await session.get<{ may: { start: string[] } }>('/me')
    return answer.ok ? answer.body.may.start : []
  }

  private async input(
    random: Random,
    player: Player,
    process: ProcessSummary,
    customer: string,
  ): Promise<Record<string, Fact> | undefined> {
    const { office } = this.options
    const facts: Record<string, Fact> = {}
    if (process.input.service) {
      const session = office.crew.session(player)
      const answer = await session.get<Page<{ no: string; status: string }>>(`/services?${new URLSearchParams({ customer, limit: '50' })}`)
      const service = answer.ok
        ? oneOf(
            random,
            answer.body.items.filter(({ status }) => status === 'active'),
          )
        : undefined
      if (!service && process.input.service.required) return undefined
      if (service) facts.service = service.no
    }
    const needed = Object.fromEntries(
      Object.entries(process.input).filter(([name, { required }]) => required || (name in facts && random() < 0.5)),
    )
    return fillForm(random, needed, {
      facts,
      // What is reported has happened already.
      now: Date.now() - 3 * 86_400_000,
      person: () => Promise.resolve(undefined),
      file: () => Promise.resolve(undefined),
      customers: () => Promise.resolve([customer]),
      resources: () => Promise.resolve([]),
      products: () => office.products(player),
      agents: () => office.agents(player),
    })
  }
}
