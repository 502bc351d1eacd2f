/**
 * The slow reference: what one user's record pays, in plain steps. Runs compute the same in SQL (activities/settlement); tests compare
 * the two, and the explanation of a bill is told with this one.
 */
import { joinedBefore } from './period.ts'
import { capped, share } from './rounding.ts'
import type { AgentRecord, BusinessScheme, Condition, Tier, UserRecord } from './scheme.ts'
import type { Fee } from './variables.ts'

export interface Settled {
  /** Conditions that the user does not meet; with one of them the line pays nothing. */
  unmet: readonly Condition[]
  /** Number of the step, from 1; 0 where none was reached. */
  tier: number
  /** Fen of which a share was taken; 0 for a fixed amount. */
  basis: bigint
  /** Fen before and after the cap. */
  uncapped: bigint
  amount: bigint
}

/** R3: a sum of whole fen. */
export const combination = (user: UserRecord, fees: readonly Fee[]): bigint => fees.reduce((sum, fee) => sum + user.fees[fee], 0n)

const within = (text: string, { is, value }: Condition): boolean => (value as readonly string[]).includes(text) === (is === 'in')
const reaches = (number: bigint, { is, value }: Condition): boolean => number >= BigInt(value as number) === (is === 'at-least')

/** Whether an agent is in the range of a scheme. */
export const inRange = (scheme: BusinessScheme, agent: AgentRecord): boolean =>
  scheme.range.every((condition) => {
    if (condition.variable === 'agent-type') return within(agent.type, condition)
    if (condition.variable === 'agent-level') return within(agent.level, condition)
    if (condition.variable === 'agent-region') return within(agent.region, condition)
    throw new RangeError(`${condition.variable} says nothing of an agent`)
  })

/** Whether a user meets one condition in a period. */
export function meets(condition: Condition, user: UserRecord, period: string): boolean {
  switch (condition.variable) {
    case 'fee':
      return reaches(combination(user, condition.fees ?? []), condition)
    case 'date-on-network':
      return user.joinedOn >= (condition.value as string) === (condition.is === 'from')
    case 'months-on-network':
      return user.joinedOn < joinedBefore(condition.value as number, period) === (condition.is === 'at-least')
    case 'package':
      return within(user.package, condition)
    case 'user-region':
      return within(user.region, condition)
    default:
      throw new RangeError(`${condition.variable} says nothing of a user`)
  }
}

/** Steps that go by the agent, whose volume is known before any line. */
export const byVolume = (scheme: BusinessScheme): boolean =>
  scheme.steps?.variable === 'agent-users' || scheme.steps?.variable === 'agent-fees'

/** The volume that the steps go by: over the users of the scheme's type who meet its conditions (R5). */
export function volumeOf(scheme: BusinessScheme, users: Iterable<UserRecord>, period: string): bigint {
  let volume = 0n
  for (const user of users)
    if (user.businessType === scheme.businessType && scheme.conditions.every((condition) => meets(condition, user, period)))
      volume += scheme.steps?.variable === 'agent-users' ? 1n : combination(user, scheme.steps?.fees ?? [])
  return volume
}

/** R5. @returns number of the step from 1, 0 where not even the first is reached */
export const tierAt = (tiers: readonly Tier[], volume: bigint): number => tiers.filter(({ from }) => volume >= BigInt(from)).length

function tierOf(scheme: BusinessScheme, user: UserRecord, period: string, volume: bigint | undefined): number {
  const { steps, tiers } = scheme
  if (!steps) return 1
  if (steps.variable === 'fee') return tierAt(tiers, combination(user, steps.fees ?? []))
  if (steps.variable === 'months-on-network') return tiers.filter(({ from }) => user.joinedOn < joinedBefore(from, period)).length
  if (volume === undefined) throw new RangeError(`steps by ${steps.variable} need the agent's volume`)
  return tierAt(tiers, volume)
}

/**
 * What a user's record pays under a business scheme in a period.
 * @param volume of the agent, where the steps go by it
 */
export function settleUser(scheme: BusinessScheme, user: UserRecord, period: string, volume?: bigint): Settled {
  const unmet = scheme.conditions.filter((condition) => !meets(condition, user, period))
  const tier = unmet.length > 0 ? 0 : tierOf(scheme, user, period, volume)
  const pay = scheme.tiers[tier - 1]?.pay
  if (!pay) return { unmet, tier: 0, basis: 0n, uncapped: 0n, amount: 0n }
  const basis = 'fixed' in pay ? 0n : combination(user, pay.of)
  const uncapped = 'fixed' in pay ? BigInt(pay.fixed) : share(basis, pay.basisPoints)
  return { unmet, tier, basis, uncapped, amount: capped(uncapped, scheme.cap) }
}
