/** A run as the server keeps it, and what the server asks of its surroundings. */
import type { Random } from '../random.ts'
import type { Activity, Hand } from './activities.ts'
import type { Ask, Instance, Job } from './instance.ts'

export type Begin = (args: never) => Promise<unknown>

export interface Update {
  state: 'admitted' | 'accepted' | 'answered'
  reply?: Reply
  waiting: ((reply: Reply) => void)[]
}

/** What a client hears. `accident`: ask again with the same id. */
export type Reply = { result: unknown } | { error: Error } | { accident: true } | { missing: true }

export interface Told {
  jobs: readonly Job[]
  at: number
  asks: readonly Ask[]
}

export interface Run {
  id: string
  type: string
  args: unknown
  status: 'running' | 'closed' | 'continued'
  instance: Instance | undefined
  history: Told[]
  pending: Job[]
  /** A task is scheduled, under way or on its way back. */
  tasked: boolean
  activities: Map<number, Activity>
  updates: Map<string, Update>
}

export const begun = (id: string, type: string, args: unknown): Run => ({
  id,
  type,
  args,
  status: 'running',
  instance: undefined,
  history: [],
  pending: [],
  tasked: false,
  activities: new Map(),
  updates: new Map(),
})

export interface Hosted {
  random: Random
  /** The workflow function of a type. */
  workflow(type: string): Begin
  hand(name: string): Hand
  /** Something happened that no program should do. */
  broken(what: string): void
  note(fault: string): void
}
