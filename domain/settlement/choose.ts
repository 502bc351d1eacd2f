/** Which scheme an agent has: the first choice while it is valid, past that the substitute, else none (Unicom 5.5). */
export interface Assignment {
  rank: 'first' | 'substitute'
  scheme: string
  /** Days on which it holds, both included; without an end for good. */
  validFrom: string
  validTo?: string
}

/**
 * @param on the last day of the billing period: who changes his scheme within a month is settled by the later one
 * @returns the assignment that holds; nothing where the agent has no scheme on that day
 */
export function chooseScheme(assignments: readonly Assignment[], on: string): Assignment | undefined {
  const valid = assignments.filter(({ validFrom, validTo }) => validFrom <= on && (validTo === undefined || on <= validTo))
  return valid.find(({ rank }) => rank === 'first') ?? valid.find(({ rank }) => rank === 'substitute')
}
