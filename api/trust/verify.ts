/** Verifies orders against their own history. */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { KeptOrder } from '../../domain/order/verify/kept.ts'
import type { Process } from '../../workflows/kit/process.ts'
import { type Verdict, verdictOf } from '../../workflows/kit/verdict.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Chain, rows and process of one order. */
export const verify = (process: Process | undefined, kept: KeptOrder): Promise<Verdict> =>
  verdictOf(process, kept, () => setImmediate(), sha256)
