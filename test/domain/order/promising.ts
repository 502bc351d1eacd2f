/** Orders of which the promise is looked at: the real planner, limits as they are seeded, and somebody for every role. */
import type { Actor } from '../../../domain/order/event.ts'
import { type Plan, subjectOf } from '../../../domain/order/plan.ts'
import type { PolicyRow } from '../../../domain/order/policy.ts'
import { promiseOf } from '../../../domain/order/promise.ts'
import type { ProcessSpec } from '../../../domain/order/spec.ts'
import { ladders } from '../../../domain/processes/ladders.ts'
import { policiesFromSpecs } from '../../../prisma/seed/policies.ts'
import type { Input } from '../../../workflows/kit/machine.ts'
import type { Process } from '../../../workflows/kit/process.ts'
import { candidate, facts, HOUR, of, Planned, policy } from './planned.ts'

export const china = (text: string) => Date.parse(`2026-${text}+08:00`)

/** Rows of a specification, as the seed writes them. */
export const rowsOf = (...specs: ProcessSpec[]): PolicyRow[] =>
  policiesFromSpecs(specs).map(
    ({ process: p, step, clock, product_group, product, customer_grade, circuit_grade, tag, budget, source: _, ...row }) =>
      policy({
        ...row,
        ...(p && { process: p }),
        ...(step && { step }),
        ...(clock && { clock }),
        ...(product_group && { productGroup: product_group }),
        ...(product && { product }),
        ...(customer_grade && { customerGrade: customer_grade }),
        ...(circuit_grade && { circuitGrade: circuit_grade }),
        ...(tag && { tag }),
        budget: budget ?? undefined,
      }),
  )

const everybody = (spec: ProcessSpec) =>
  [...new Set(Object.values(spec.steps).flatMap(({ who }) => who.filter((role) => role !== 'customer' && role !== 'system')))].map((role) =>
    candidate(`${role}-1`, role),
  )

/** An order of which the promise is looked at. */
export class Promising extends Planned {
  maxAmount = 0
  /** How often the promise was set. */
  sets = 0
  private readonly specs: readonly ProcessSpec[]

  constructor(of: Process, rows: PolicyRow[], specs: readonly ProcessSpec[] = []) {
    const customer = { grade: 'group', tags: [], accountManager: 'am' }
    const units = new Map([...everybody(of.spec)].map(({ unit }) => [unit, { leader: 'lead' }]))
    const known = facts(everybody(of.spec), rows, { customer, units })
    const promise = { id: 'promise', version: 1, validFrom: 0, rungs: ladders.promise.rungs }
    super(of, { ...known, limits: { ...known.limits, ladders: [...known.limits.ladders, promise] } }, specs)
    this.specs = [of.spec, ...specs]
  }

  override async give(input: Input): Promise<Plan> {
    const planned = await super.give(input)
    this.sets += of(planned, 'clock-set').filter(({ clock }) => clock === 'promise').length
    return planned
  }

  override actor(id: string): Actor {
    return { ...super.actor(id), authority: { rule: 'r@1', maxAmount: this.maxAmount, maxTermMonths: 99, maxDiscountPct: 99 } }
  }

  get promised(): number | undefined {
    return this.state.clocks.promise?.due
  }

  get reckoned() {
    const { state, facts: known, now } = this
    const specOf = (id: string) => this.specs.find((spec) => spec.id === id)
    return promiseOf({ spec: this.specs[0]!, specOf, state, limits: known.limits, subject: subjectOf(state, known), now })
  }

  /** What the promise rests on, in words. */
  get lines(): string[] {
    const { lines } = this.reckoned
    const at = (ms: number) => new Date(ms + 8 * HOUR).toISOString().slice(5, 16)
    return lines.map(({ step, process: p, why, from, until }) => `${why} ${p ? `${p}/` : ''}${step} ${at(from)} ${at(until)}`)
  }

  /** Everybody whom the step asks does it, at this instant. */
  async does(step: string, result: string, at: number, form?: Record<string, string | number>): Promise<boolean> {
    const { id, parties, status, person = `${this.specs[0]!.steps[step]!.who[0]}-1` } = this.task(step)
    const before = this.promised
    this.now = at
    if (parties)
      for (const [party, { person: signer }] of Object.entries(parties))
        await this.act(signer!, { type: 'sign', task: id, party, answer: 'agree' })
    else {
      if (status === 'offered') await this.act(person, { type: 'accept', task: id })
      if (this.state.tasks[id]) await this.act(person, { type: 'complete', task: id, outcome: result, ...(form && { form }) })
    }
    return this.promised !== before
  }
}
