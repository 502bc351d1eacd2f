/** What must be true before an outcome can be given (no contract, no activation). */
import { Refusal } from './refusal.ts'
import type { Condition, Fact, OutcomeSpec } from './spec.ts'

/** @throws Refusal REQUIREMENT naming the fact and what to do */
export function checkRequirements({ requires = [] }: OutcomeSpec, facts: Readonly<Record<string, Fact>>, now: number): void {
  for (const condition of requires)
    if (!holds(condition, facts, now)) throw new Refusal('REQUIREMENT', { field: condition.fact, says: condition.otherwise })
}

function holds({ fact, is, equals, notPast, has, when, unless }: Condition, facts: Readonly<Record<string, Fact>>, now: number): boolean {
  if (when !== undefined && facts[when] !== true) return true
  if (unless !== undefined && facts[unless] === true) return true
  const value = facts[fact]
  if (has !== undefined) return Array.isArray(value) && value.includes(has)
  if (notPast) return value === undefined || (typeof value === 'number' && value >= now)
  if (is !== undefined) return value === is
  if (equals !== undefined) return value !== undefined && value === facts[equals]
  return value !== undefined && value !== '' && value !== false
}
