/** Personal fields of a form, sealed before they enter a command. */
import type pg from 'pg'
import { checkForm } from '../../domain/order/form.ts'
import type { Fact, FieldSpec } from '../../domain/order/spec.ts'
import { keyFor, seal } from '../../prisma/personal.ts'

type Form = Readonly<Record<string, Fact>>

/**
 * The form with its personal fields sealed by the customer's key; the company's own work has no customer, and is left as it is. What
 * they hold is checked here: afterwards it is no longer seen. A text that looks sealed already is sealed like any other.
 * @throws Refusal FORM_INVALID
 */
export async function sealed(
  pool: pg.Pool,
  fields: Readonly<Record<string, FieldSpec>>,
  form: Form,
  { customer, prefix, now }: { customer: string; prefix: string; now: Date },
): Promise<Form> {
  const names = Object.keys(form).filter((name) => Object.hasOwn(fields, name) && fields[name]!.personal && typeof form[name] === 'string')
  if (names.length === 0 || customer === '') return form
  const of = <T>(all: Readonly<Record<string, T>>) => Object.fromEntries(names.map((name) => [name, all[name]!]))
  const plain = Object.fromEntries(Object.entries(of(fields)).map(([name, { personal: _personal, ...field }]) => [name, field]))
  checkForm(plain, of(form), prefix)
  const key = await keyFor(pool, customer, now)
  return { ...form, ...Object.fromEntries(names.map((name) => [name, seal(key, form[name] as string)])) }
}
