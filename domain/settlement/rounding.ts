/**
 * Every rounding of a settlement, and the only ones:
 *
 *   R1  A share is taken of a line's whole basis, once: basis × basis points / 10 000, rounded half away from zero (四舍五入) to a fen.
 *       A refund of fees (a negative basis) is rounded like the fee that it takes back, so that the two cancel out.
 *   R2  A fixed amount is whole fen already, and a cap is put on after R1: nothing is rounded twice.
 *   R3  An agent's bill is the sum of his lines, a run the sum of its bills: sums of whole fen, never rounded.
 *   R4  In charge sharing the agent's part is rounded by R1; the company keeps the rest of the basis, so that no fen is lost or made.
 *   R5  The volume by which steps go is a sum or a count, compared unrounded; a step begins exactly at its number.
 */

/** Hundredths of a percent in a whole. */
export const WHOLE = 10_000n
const HALF = WHOLE / 2n

/** R1. @param basis fen @param basisPoints 1 = 0.01 % @returns fen */
export function share(basis: bigint, basisPoints: number): bigint {
  const product = basis * BigInt(basisPoints)
  // division of integers cuts towards zero, here as in SQL
  return (product + (product < 0n ? -HALF : HALF)) / WHOLE
}

/** R2. @param cap most that one line pays, fen; it binds what is paid, never what is taken back */
export const capped = (amount: bigint, cap: number | undefined): bigint =>
  cap !== undefined && amount > BigInt(cap) ? BigInt(cap) : amount

/** R4. What the company keeps of a shared basis. */
export const kept = (basis: bigint, agentsPart: bigint): bigint => basis - agentsPart

/** R1 as SQL, for expressions of type bigint. */
export const shareSql = (basis: string, basisPoints: number): string =>
  `((${basis}) * ${basisPoints} + CASE WHEN (${basis}) < 0 THEN -${HALF} ELSE ${HALF} END) / ${WHOLE}`
