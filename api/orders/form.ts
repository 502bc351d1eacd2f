/** Forms as they come in: instants as text, long texts, and names of units, people, files, customers, agents and resources that have to exist. */
import { checkForm } from '../../domain/order/form.ts'
import type { Fact, FieldSpec, ProcessSpec } from '../../domain/order/spec.ts'
import { type Naming, rolesAfter } from './references.ts'
import { SHORT_TEXT, type Texts } from './texts.ts'

type Fields = Readonly<Record<string, FieldSpec>>
type Form = Readonly<Record<string, Fact>>

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/** Instants as epoch ms, whichever way they were written. */
export function withInstants(fields: Fields, form: Form): Form {
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => {
      const instant = Object.hasOwn(fields, name) && fields[name]?.type === 'instant' && typeof value === 'string' && ISO.test(value)
      const ms = instant ? Date.parse(value) : Number.NaN
      return [name, Number.isNaN(ms) ? value : ms]
    }),
  )
}

/**
 * The form as the order takes it: long texts by their digest. Checked here already where a text is long, since its length is no longer
 * seen afterwards. @throws Refusal FORM_INVALID
 */
export function shortened(fields: Fields, form: Form, texts: Texts, prefix: string): Form {
  const long = Object.entries(form).some(([, value]) => typeof value === 'string' && value.length > SHORT_TEXT)
  if (long) checkForm(fields, form, prefix)
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [
      name,
      typeof value === 'string' && fields[name]?.type === 'text' ? texts.shorten(value) : value,
    ]),
  )
}

/** Asks the record for everything that the form names. Values of a wrong type are left to the form's own rules. */
export async function checkNamed(
  references: Naming,
  fields: Fields,
  form: Form,
  { prefix, order, spec, step }: { prefix: string; order?: string; spec?: ProcessSpec; step?: string },
): Promise<void> {
  const roles = spec && step ? rolesAfter(spec, step) : []
  const named = (type: FieldSpec['type']) =>
    Object.entries(form).filter(
      ([name, value]) => Object.hasOwn(fields, name) && fields[name]?.type === type && (typeof value === 'string' || Array.isArray(value)),
    )
  // A unit that the work goes to lies on the line; one that is asked, told or merely named may be any of ours: the far end of a circuit.
  for (const [name, value] of [...named('unit'), ...named('units')])
    for (const id of [value].flat())
      if (roles.length > 0 && fields[name]?.type === 'unit') await references.unit(String(id), roles, `${prefix}.${name}`)
      else await references.anyUnit(String(id), `${prefix}.${name}`)
  for (const [name, value] of named('person')) await references.person(String(value), roles, `${prefix}.${name}`)
  for (const [name, value] of named('file')) await references.file(String(value), order, `${prefix}.${name}`)
  for (const [name, value] of named('customers')) await references.customers([value].flat() as string[], `${prefix}.${name}`)
  for (const [name, value] of [...named('agent'), ...named('agents')])
    await references.agents([value].flat() as string[], `${prefix}.${name}`)
  // What a running order names it also takes (holds.ts).
  if (order === undefined)
    for (const [name, value] of named('resources')) await references.resources([value].flat() as string[], `${prefix}.${name}`)
}
