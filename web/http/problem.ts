import type { z } from 'zod'
import type { problem } from '../../api/schemas/problem.ts'

export type ProblemDocument = z.output<typeof problem>

/** A refusal of the API: its code, and the sentence that says what to do. */
export class ApiProblem extends Error {
  readonly document: ProblemDocument

  constructor(document: ProblemDocument) {
    super(document.title)
    this.name = 'ApiProblem'
    this.document = document
  }

  get code(): ProblemDocument['code'] {
    return this.document.code
  }

  get status(): number {
    return this.document.status
  }
}

/** No answer came: the connection or the server is away. Asking again with the same key is safe. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('no answer', { cause })
    this.name = 'Unreachable'
  }
}
