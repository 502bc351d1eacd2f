/** What the engine's client module throws, so that nobody else has to know Temporal's errors. */
import type { FieldFault } from '../domain/order/refusal.ts'
import type { Title } from '../domain/title.ts'
import type { ProblemCode } from './problem-codes.ts'

/** The order refused the command; nothing has changed. */
export class EngineRefused extends Error {
  readonly code: ProblemCode
  readonly field: string | undefined
  readonly fault: FieldFault | undefined
  readonly detail: string | undefined
  readonly says: Title | undefined

  constructor(
    code: ProblemCode,
    { field, fault, detail, says }: { field?: string; fault?: FieldFault; detail?: string; says?: Title } = {},
  ) {
    super(detail ? `${code}: ${detail}` : code)
    this.name = 'EngineRefused'
    this.code = code
    this.field = field
    this.fault = fault
    this.detail = detail
    this.says = says
  }
}

/** The deadline passed: what was sent may still take effect. */
export class EngineLate extends Error {
  constructor(cause: unknown) {
    super('the engine did not answer in time', { cause })
    this.name = 'EngineLate'
  }
}

/** The engine cannot be reached, or asks to be left alone for a while. */
export class EngineDown extends Error {
  constructor(cause: unknown) {
    super('the engine cannot be reached', { cause })
    this.name = 'EngineDown'
  }
}

/** No workflow of this id is running: the order has ended, or the engine has lost it. */
export class EngineOrderMissing extends Error {
  constructor(order: string, cause?: unknown) {
    super(`order ${order} is not running in the engine`, { cause })
    this.name = 'EngineOrderMissing'
  }
}
