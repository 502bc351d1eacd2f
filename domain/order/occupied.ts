/** Resources that an order names, against those that it holds. */
import type { ProcessSpec } from './spec.ts'

export interface Comparison {
  /** Held and not named. */
  unnamed: readonly string[]
  /** Named and not held. */
  foreign: readonly string[]
}

/** A file must name every resource that the customer occupies, and no other (P-01 rule 4). Both lists in the order given. */
export function compareNamed(named: readonly string[], occupied: readonly string[]): Comparison {
  const [is, has] = [new Set(named), new Set(occupied)]
  return { unnamed: [...has].filter((id) => !is.has(id)), foreign: [...is].filter((id) => !has.has(id)) }
}

/** What an outcome does with the resources that its form names: it takes them for the order, or says which the order occupies. */
export type Naming = 'takes' | 'accounts'

/** Steps that account for what was taken before. Every other field of resources takes what it names. */
const accounting: ReadonlySet<string> = new Set(['order-fulfilment/archive-project'])

/** The fields of an outcome's form that name resources, and what naming them means. */
export function resourceFields(spec: ProcessSpec, step: string, outcome: string): { fields: readonly string[]; naming: Naming } {
  const of = Object.hasOwn(spec.steps, step) ? spec.steps[step]!.outcomes : {}
  const form = Object.hasOwn(of, outcome) ? (of[outcome]!.form ?? {}) : {}
  return {
    fields: Object.keys(form).filter((name) => form[name]!.type === 'resources'),
    naming: accounting.has(`${spec.id}/${step}`) ? 'accounts' : 'takes',
  }
}
