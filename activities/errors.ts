/** Which failures are worth another try. The engine repeats an activity until it is told not to. */
import { ApplicationFailure } from '@temporalio/common'

interface DatabaseError {
  code: string
  message: string
  constraint?: string
  table?: string
  detail?: string
}

const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)

/** The name of the constraint that a statement broke, if that is what happened. */
export const brokenConstraint = (error: unknown): string | undefined =>
  isDatabaseError(error) && error.code.startsWith('23') ? error.constraint : undefined

/** A failure that no repetition cures. */
export const never = (type: string, message: string, ...details: unknown[]): ApplicationFailure =>
  ApplicationFailure.nonRetryable(message, type, ...details)

/**
 * Says whether to try again: a lost connection, a full pool, a deadlock or a server that restarts is tried again; data that the
 * record refuses (class 22, 23) never is, and carries the code and the constraint.
 */
export function asFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error
  const message = error instanceof Error ? error.message : String(error)
  if (isDatabaseError(error) && /^2[23]/.test(error.code))
    return ApplicationFailure.create({
      message: `${message}: correct the data, then repeat the command`,
      type: error.constraint ? `CONSTRAINT_${error.constraint}` : `SQLSTATE_${error.code}`,
      nonRetryable: true,
      details: [{ code: error.code, constraint: error.constraint, table: error.table, detail: error.detail }],
      cause: error as unknown as Error,
    })
  return ApplicationFailure.create({
    message,
    type: isDatabaseError(error) ? `SQLSTATE_${error.code}` : 'TRANSIENT',
    nonRetryable: false,
    ...(error instanceof Error && { cause: error }),
  })
}
