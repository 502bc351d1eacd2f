/** One command for many tasks. Each is given as if alone: one that is refused keeps none of the others back. */
import type { Logger } from 'pino'
import type { Title } from '../../domain/title.ts'
import type { Deps } from '../deps.ts'
import { EngineLate } from '../engine-errors.ts'
import type { Caller } from '../http/operation.ts'
import type { FieldError } from '../field-errors.ts'
import { asProblem } from '../problem.ts'
import { type ProblemCode, problemCodes } from '../problem-codes.ts'
import type { BulkIn } from '../schemas/dispatch.ts'
import { giveCommand } from './command.ts'

/** So many at a time: a list of a hundred must leave room for everybody else. */
const AT_A_TIME = 8

interface Result {
  order: string
  task: string
  ok: boolean
  seq?: number
  pending?: true
  problem?: { code: ProblemCode; status: number; title: string; detail?: string; says?: Title; errors?: readonly FieldError[] }
}

/**
 * Gives the command to every task, in parallel as far as it is good for others.
 * @param key the request's; each item has an id of its own made from it, so that a repeat finds what was done
 * @returns the results in the sequence of the items; `final` unless something may still happen, or might succeed when repeated
 */
export async function giveMany(
  deps: Deps,
  caller: Caller & { now: Date; log: Logger },
  { key, body, lang }: { key: string; body: BulkIn; lang: 'en' | 'zh' },
): Promise<{ results: Result[]; final: boolean }> {
  const { items, ...command } = body
  const results: Result[] = []
  let final = true
  const give = async (i: number): Promise<void> => {
    const { order, task } = items[i]!
    try {
      const given = await giveCommand(deps, caller, {
        order,
        key: `${key}/${i}`,
        body: { ...command, task },
        expect: undefined,
      })
      results[i] = { order, task, ok: true, seq: given.seq }
    } catch (error) {
      const { unsettled, ...rest } = failed(error, lang)
      if (unsettled) final = false
      if (rest.problem?.code === 'INTERNAL') caller.log.error({ err: error, order, task }, 'one of many failed')
      results[i] = { order, task, ok: false, ...rest }
    }
  }
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) await give(next++)
  }
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, items.length) }, worker))
  return { results, final }
}

function failed(error: unknown, lang: 'en' | 'zh'): Pick<Result, 'pending' | 'problem'> & { unsettled: boolean } {
  if (error instanceof EngineLate) return { pending: true, unsettled: true }
  const { code, status, detail, says, errors } = asProblem(error)
  const problem = {
    code,
    status,
    title: problemCodes[code].title[lang],
    ...(detail && { detail }),
    ...(says && { says }),
    ...(errors.length > 0 && { errors }),
  }
  return { problem, unsettled: status >= 500 }
}
