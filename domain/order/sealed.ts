/** Personal fields travel sealed: orders, events and histories hold what only a customer's key opens (prisma/personal.ts). */

const SEALED = /^sealed:\d{1,9}:[A-Za-z0-9_-]{38,}$/

/** True for what stands for a sealed text. */
export const isSealed = (value: unknown): value is string => typeof value === 'string' && SEALED.test(value)

/** Number of the key that opens it. */
export const keyOfSealed = (sealed: string): number => Number(sealed.split(':')[1])

/** What is shown for a text whose key is gone. */
export const ERASED = '[已删除 erased]'
