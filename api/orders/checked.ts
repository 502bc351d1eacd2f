/** A command as the order takes it: what it names exists and fits, and what it says at length is kept apart. */
import type pg from 'pg'
import type { CommandBody } from '../../domain/order/command.ts'
import type { Fact, FieldSpec, ProcessSpec, StepSpec } from '../../domain/order/spec.ts'
import { isRole } from '../../domain/roles.ts'
import { Problem } from '../problem.ts'
import type { CommandIn } from '../schemas/command.ts'
import { checkActivation } from './activation.ts'
import { checkNamed, shortened, withInstants } from './form.ts'
import type { Giver } from './giver.ts'
import { stepOf } from './ids.ts'
import { sealed } from './personal.ts'
import type { Texts } from './texts.ts'

interface Checking {
  body: CommandIn
  spec: ProcessSpec
  step: StepSpec | undefined
  /** Those that may do the task now. */
  roles: readonly string[]
  order: string
  texts: Texts
  /** Whom the order is about; empty where nobody. */
  customer: string
  now: Date
}

/** @throws Problem UNKNOWN_REFERENCE, UNFIT_TARGET, PAYMENT_CONFLICT; Refusal FORM_INVALID */
export async function checked(
  pool: pg.Pool,
  { references, fill }: Pick<Giver, 'references' | 'fill'>,
  { body, spec, step, roles, order, texts, customer, now }: Checking,
): Promise<CommandBody> {
  switch (body.type) {
    case 'dispatch':
    case 'reassign':
      if (body.unit !== undefined) await references.unit(body.unit, roles, 'unit')
      if (body.person !== undefined) await references.person(body.person, roles, 'person', body.unit)
      return body
    case 'add-signer': {
      const unknown = body.roles.find((role) => !isRole(role))
      if (unknown !== undefined)
        throw new Problem('UNKNOWN_REFERENCE', { field: 'roles', says: { zh: `没有角色 ${unknown}`, en: `no role ${unknown}` } })
      if (body.person !== undefined) await references.person(body.person, body.roles, 'person')
      return body
    }
    case 'complete': {
      const { form, note, ...rest } = body
      const fields = step && Object.hasOwn(step.outcomes, body.outcome) ? (step.outcomes[body.outcome]?.form ?? {}) : {}
      const filled = fill ? fill(fields, form ?? {}) : form
      const given = withInstants(fields, filled ?? {})
      await checkNamed(references, fields, given, { prefix: 'form', order, spec, step: stepOf(body.task) })
      await checkActivation(pool, { order, spec, step: stepOf(body.task), outcome: body.outcome, form: given })
      return {
        ...rest,
        ...(filled && { form: await sealed(pool, fields, shortened(fields, given, texts, 'form'), { customer, prefix: 'form', now }) }),
        ...(note !== undefined && { note: texts.shorten(note) }),
      }
    }
    case 'amend': {
      const { facts } = body
      // As at the start; a fact that can't be changed is the order's to refuse.
      const fields: Record<string, FieldSpec> = Object.fromEntries(
        Object.keys(facts).flatMap((name) => (Object.hasOwn(spec.amend ?? {}, name) ? [[name, spec.input[name]!]] : [])),
      )
      const given: Readonly<Record<string, Fact>> = withInstants(fields, facts)
      await checkNamed(references, fields, given, { prefix: 'facts', order })
      return { ...body, facts: await sealed(pool, fields, shortened(fields, given, texts, 'facts'), { customer, prefix: 'facts', now }) }
    }
    case 'comment':
      for (const person of body.mentions ?? []) await references.person(person, [], 'mentions')
      return { ...body, text: texts.shorten(body.text) }
    case 'urge':
      return { ...body, ...(body.note !== undefined && { note: texts.shorten(body.note) }) }
    case 'sign':
      return { ...body, ...(body.opinion !== undefined && { opinion: texts.shorten(body.opinion) }) }
    default:
      return body
  }
}
