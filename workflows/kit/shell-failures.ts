/** Refusals and failures as whoever asked hears of them. */
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow'
import { Refusal } from '../../domain/order/refusal.ts'

const failure = (refusal: Refusal): ApplicationFailure =>
  ApplicationFailure.create({
    type: refusal.code,
    message: refusal.message,
    nonRetryable: true,
    details: [
      {
        ...(refusal.field && { field: refusal.field }),
        ...(refusal.fault && { fault: refusal.fault }),
        ...(refusal.detail && { detail: refusal.detail }),
        ...(refusal.says && { says: refusal.says }),
      },
    ],
  })

export function asFailure(error: unknown): unknown {
  if (error instanceof Refusal) return failure(error)
  return error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause : error
}
