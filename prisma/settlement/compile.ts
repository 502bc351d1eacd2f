/**
 * Schemes as SQL expressions, so that a run computes a page in one statement. The meaning is that of domain/settlement/settle.ts, line by
 * line; tests compare the two. `u` is settlement_user, `c` is settlement_choice.
 */
import pg from 'pg'
import { joinedBefore } from '../../domain/settlement/period.ts'
import { shareSql } from '../../domain/settlement/rounding.ts'
import type { BusinessScheme, Condition, Tier } from '../../domain/settlement/scheme.ts'
import { byVolume } from '../../domain/settlement/settle.ts'
import { type Fee, isFee } from '../../domain/settlement/variables.ts'

/** A version of a business scheme, by the number that lines carry. */
export interface CompiledFrom {
  no: number
  scheme: BusinessScheme
}

const text = (value: string): string => pg.escapeLiteral(value)
const texts = (value: Condition['value']): string => (value as readonly string[]).map(text).join(', ')

/** @throws RangeError where a stored scheme holds something else: it goes into a statement as it is */
function whole(value: unknown): string {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new RangeError(`${String(value)} is no whole number`)
  return value < 0 ? `(${value})` : String(value)
}

/** R3: a sum. */
function combination(fees: readonly Fee[]): string {
  if (fees.length === 0 || !fees.every(isFee)) throw new RangeError(`${fees.join(', ')} is no fee combination`)
  return `(${fees.map((fee) => `u.fee_${fee}`).join(' + ')})`
}

const among = (column: string, { is, value }: Condition): string => `${column} ${is === 'in' ? 'IN' : 'NOT IN'} (${texts(value)})`

function userCondition(condition: Condition, period: string): string {
  const { variable, is, value } = condition
  switch (variable) {
    case 'fee':
      return `${combination(condition.fees ?? [])} ${is === 'at-least' ? '>=' : '<'} ${whole(value)}`
    case 'date-on-network':
      return `u.joined_on ${is === 'from' ? '>=' : '<'} DATE ${text(value as string)}`
    case 'months-on-network':
      return `u.joined_on ${is === 'at-least' ? '<' : '>='} DATE ${text(joinedBefore(value as number, period))}`
    case 'package':
      return among('u.package', condition)
    case 'user-region':
      return among('u.region', condition)
    default:
      throw new RangeError(`${variable} says nothing of a user`)
  }
}

const agentColumns: Readonly<Record<string, string>> = {
  'agent-type': 'a.type',
  'agent-level': 'a.level_id',
  'agent-region': 'a.region_path',
}

/** Whether an agent (`a`) is in the range. */
export const rangeSql = ({ range }: BusinessScheme): string =>
  range
    .map((condition) => {
      const column = agentColumns[condition.variable]
      if (!column) throw new RangeError(`${condition.variable} says nothing of an agent`)
      return among(column, condition)
    })
    .join(' AND ') || 'true'

const met = (scheme: BusinessScheme, period: string): string =>
  scheme.conditions.map((condition) => `(${userCondition(condition, period)})`).join(' AND ') || 'true'

/** From the highest step down. */
const reached = (tiers: readonly Tier[], reaches: (from: number) => string): string =>
  tiers
    .map(({ from }, i) => `WHEN ${reaches(from)} THEN ${i + 1}`)
    .reverse()
    .join(' ')

/** What of a user's record counts for the agent's volume. */
export const volumeSql = (scheme: BusinessScheme, period: string): string =>
  `CASE WHEN ${met(scheme, period)} THEN ${scheme.steps?.variable === 'agent-users' ? '1' : combination(scheme.steps?.fees ?? [])} ELSE 0 END`

/** The step that a volume reaches. */
export const volumeTierSql = ({ tiers }: BusinessScheme, volume: string): string =>
  `CASE ${reached(tiers, (from) => `${volume} >= ${whole(from)}`)} ELSE 0 END`

export function tierSql(scheme: BusinessScheme, period: string): string {
  const { steps, tiers } = scheme
  const conditions = met(scheme, period)
  if (!steps) return conditions === 'true' ? '1' : `CASE WHEN ${conditions} THEN 1 ELSE 0 END`
  if (byVolume(scheme)) return conditions === 'true' ? 'c.tier' : `CASE WHEN ${conditions} THEN c.tier ELSE 0 END`
  const reaches =
    steps.variable === 'fee'
      ? (from: number) => `${combination(steps.fees ?? [])} >= ${whole(from)}`
      : (from: number) => `u.joined_on < DATE ${text(joinedBefore(from, period))}`
  const steps_ = `CASE ${reached(tiers, reaches)} ELSE 0 END`
  return conditions === 'true' ? steps_ : `CASE WHEN ${conditions} THEN ${steps_} ELSE 0 END`
}

/** Of what a share is taken at the step `u.tier`. */
export function basisSql({ tiers }: BusinessScheme): string {
  const shares = tiers.flatMap(({ pay }, i) => ('fixed' in pay ? [] : [{ n: i + 1, of: combination(pay.of) }]))
  const of = shares[0]?.of
  if (of === undefined) return '0'
  if (shares.length === tiers.length && shares.every((each) => each.of === of)) return `CASE WHEN u.tier > 0 THEN ${of} ELSE 0 END`
  return `CASE u.tier ${shares.map((each) => `WHEN ${each.n} THEN ${each.of}`).join(' ')} ELSE 0 END`
}

/** R1, R2: what the line pays at the step `u.tier`, from `u.basis`. */
export function amountSql({ tiers, cap }: BusinessScheme): string {
  const pays = tiers.map(
    ({ pay }, i) => `WHEN ${i + 1} THEN ${'fixed' in pay ? whole(pay.fixed) : shareSql('u.basis', Number(whole(pay.basisPoints)))}`,
  )
  const amount = `CASE u.tier ${pays.join(' ')} ELSE 0 END`
  return cap === undefined ? amount : `LEAST(${amount}, ${whole(cap)})`
}

/** One expression for many schemes, by the number that `column` holds. */
export const byScheme = (
  column: string,
  schemes: readonly CompiledFrom[],
  of: (scheme: BusinessScheme) => string,
  otherwise: string,
): string =>
  schemes.length === 0
    ? otherwise
    : `CASE ${column} ${schemes.map(({ no, scheme }) => `WHEN ${whole(no)} THEN (${of(scheme)})`).join(' ')} ELSE ${otherwise} END`

const fees = 'u.fee_rent, u.fee_call, u.fee_data, u.fee_message, u.fee_other'

/**
 * SELECT of (agent_id, user_id, scheme_no, tier, basis, amount). OFFSET 0 keeps the planner from writing an expression out again wherever
 * it is used.
 * @param from FROM and WHERE over `u` and `c`
 */
export const linesSql = (schemes: readonly CompiledFrom[], period: string, from: string): string => `
  SELECT u.agent_id, u.id AS user_id, u.scheme_no, u.tier::smallint AS tier, u.basis, (${byScheme('u.scheme_no', schemes, amountSql, '0')})::bigint AS amount
  FROM (SELECT u.agent_id, u.id, u.scheme_no, u.tier, (${byScheme('u.scheme_no', schemes, basisSql, '0')})::bigint AS basis
    FROM (SELECT u.agent_id, u.id, c.scheme_no, ${fees}, ${byScheme('c.scheme_no', schemes, (scheme) => tierSql(scheme, period), '0')} AS tier
      ${from} OFFSET 0) u OFFSET 0) u`
