/** Settlement schemes as data. A business scheme is of one business type; a composite one has one of each type that it settles. */
import type { Fee, SchemeKind, Settlement, VariableId } from './variables.ts'

/** A condition on a variable. Numbers are fen, counts or months; dates are `2026-10-31`. */
export interface Condition {
  variable: VariableId
  /** Combination, where the variable takes one. */
  fees?: readonly Fee[]
  /** in, not-in: of texts; at-least, below: of amounts, counts, months; from, before: of dates. */
  is: 'in' | 'not-in' | 'at-least' | 'below' | 'from' | 'before'
  value: readonly string[] | number | string
}

/** What a line pays: a fixed amount per user in fen, or a share of a fee combination in basis points. */
export type Pay = { fixed: number } | { basisPoints: number; of: readonly Fee[] }

/** A step (阶梯): it holds from its number on, up to the next one's. */
export interface Tier {
  from: number
  pay: Pay
}

/** 业务结算方案: range, conditions, steps, commission or sharing. */
export interface BusinessScheme {
  nature: 'business'
  businessType: string
  kind: SchemeKind
  /** What it may be used for; decides which variables are authorised. */
  settlements: readonly Settlement[]
  /** Which agents it is for; all conditions hold. */
  range: readonly Condition[]
  /** Which of their users; all conditions hold. */
  conditions: readonly Condition[]
  /** By what the steps go; without it there is one step, from 0. The step reached holds for the whole line, not for what is above it. */
  steps?: { variable: VariableId; fees?: readonly Fee[] }
  tiers: readonly Tier[]
  /** Most that one line pays, fen. */
  cap?: number
}

/** 综合结算方案: business schemes of different business types, one per type. */
export interface CompositeScheme {
  nature: 'composite'
  kind: SchemeKind
  /** Business type → id of the business scheme. */
  schemes: Readonly<Record<string, string>>
}

export type Scheme = BusinessScheme | CompositeScheme

/** A user's record of a period, as far as schemes look at it. Fees are fen. */
export interface UserRecord {
  businessType: string
  package: string
  region: string
  /** `2024-03-05`. */
  joinedOn: string
  fees: Readonly<Record<Fee, bigint>>
}

export interface AgentRecord {
  type: string
  level: string
  region: string
}

/** What is wrong with a scheme, and where: `conditions[1].variable`. */
export interface SchemeProblem {
  field: string
  message: { zh: string; en: string }
}
