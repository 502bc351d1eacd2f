/** Fills forms in as people would: what is asked for is there, sometimes what need not be. */
import type { Condition, Fact, FieldSpec } from '../../../domain/order/spec.ts'
import type { OrderState } from '../../../domain/order/state.ts'
import type { Random } from '../random.ts'
import { CUSTOMERS, SERVICES } from '../record/database.ts'
import { byRole, unitIds } from '../record/people.ts'

type Form = Readonly<Record<string, FieldSpec>>
type Facts = Record<string, Fact>

const HOUR = 3_600_000
/** Of a thousand fields that may stay empty. */
const OPTIONAL = 250
const RESOURCES = 40

export function filled(random: Random, form: Form, state: Pick<OrderState, 'facts'> | undefined, now: number): Facts {
  const facts: Facts = {}
  for (const name in form) {
    const field = form[name]!
    if (field.required || random.chance(OPTIONAL)) facts[name] = value(random, name, field, state?.facts ?? {}, now)
  }
  for (const name in form) {
    const { requiredWith } = form[name]!
    const needed = requiredWith !== undefined && [requiredWith].flat().some((other) => facts[other] === true)
    if (needed && facts[name] === undefined) facts[name] = value(random, name, form[name]!, state?.facts ?? {}, now)
  }
  return facts
}

/** What an outcome asks of the facts, where its form can give it. */
export function meeting(facts: Facts, form: Form, requires: readonly Condition[] = [], known: Readonly<Record<string, Fact>>): Facts {
  for (const { fact, is, equals, has } of requires) {
    if (!form[fact]) continue
    if (is !== undefined) facts[fact] = is
    else if (equals !== undefined && known[equals] !== undefined) facts[fact] = known[equals]
    else if (has !== undefined) facts[fact] = [has]
  }
  return facts
}

function value(random: Random, name: string, field: FieldSpec, known: Readonly<Record<string, Fact>>, now: number): Fact {
  const role = random.of(['account-manager', 'maintenance-dept', 'kac-staff', 'engineering-dept'])!
  switch (field.type) {
    case 'boolean':
      return random.chance(300)
    case 'number':
      return 1 + random.below(Math.min(field.max ?? 24, 24))
    case 'money':
      return typeof known[name] === 'number' ? known[name] : 100 * (1 + random.below(30_000))
    case 'instant':
      return now + (1 + random.below(200)) * HOUR
    case 'choice':
      return random.of(field.choices ?? [''])!
    case 'customers':
      return CUSTOMERS.slice(0, 1 + random.below(3))
    case 'units':
      return [...new Set([random.of(unitIds)!, random.of(unitIds)!])]
    case 'resources':
      return [`r${random.below(RESOURCES)}`]
    case 'agents':
      return ['a1', 'a2'].slice(0, 1 + random.below(2))
    case 'texts':
      return ['1200', '-300']
    case 'unit':
      return `u-${role}`
    case 'person':
      return random.of(byRole.get(role)!)!.id
    default:
      if (name === 'service') return random.of(SERVICES)!
      return field.matches?.example ?? (typeof known[name] === 'string' ? known[name] : 'x')
  }
}
