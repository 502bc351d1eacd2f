/** Fills any form by the types of its fields. */
import type { Fact, FieldSpec } from '../../domain/order/spec.ts'
import type { Form, Random } from './view.ts'
import { oneOf } from './view.ts'
import { wordsFor } from './words.ts'

/** What a form may ask for that only the server can give. */
export interface Sources {
  /** What the order knows; a field of the same name repeats it. */
  facts: Readonly<Record<string, Fact>>
  /** Epoch ms. */
  now: number
  /** Somebody who fits, with the unit. */
  person: () => Promise<{ id: string; unit: string } | undefined>
  /** Attaches a file and answers its id. */
  file: () => Promise<string | undefined>
  customers: () => Promise<readonly string[]>
  /** Free circuits, ports or numbers. */
  resources: () => Promise<readonly string[]>
  /** Products that there are. */
  products: () => Promise<readonly string[]>
  /** Agents with whom is settled. */
  agents: () => Promise<readonly string[]>
}

/** Fields that mostly repeat what the order knows under another name: what is asked for is what is paid. */
const sameAs: Readonly<Record<string, string>> = { paid: 'amount' }

/** What keeping one customer costs: 20 to 200 yuan. */
const small = new Set(['cost', 'attemptCost', 'finalCost'])

/** How often a field that need not be filled is. */
const OPTIONAL = 0.3
const HOUR = 3_600_000

/**
 * Values for the required fields and some of the others.
 *
 * @param options `wrong`: fields (without prefix) that were refused before, tried in another way; `everything`: all that can be filled is
 */
export async function fillForm(
  random: Random,
  form: Form,
  sources: Sources,
  { wrong = new Set<string>(), everything = false }: { wrong?: ReadonlySet<string>; everything?: boolean } = {},
): Promise<Record<string, Fact>> {
  const filled: Record<string, Fact> = {}
  const set = async (name: string, field: FieldSpec) => {
    const value = await valueFor(random, name, field, sources, wrong.has(name))
    if (value !== undefined) filled[name] = value
  }
  for (const [name, field] of Object.entries(form)) {
    // An optional field that was refused is left out.
    if (field.required || (!wrong.has(name) && field.type !== 'file' && (everything || random() < OPTIONAL))) await set(name, field)
  }
  // What one field makes necessary (P-08: "open a fault" and the fault's facts).
  for (const [name, field] of Object.entries(form))
    if (filled[name] === undefined && [field.requiredWith ?? []].flat().some((other) => filled[other] === true)) await set(name, field)
  await named(random, form, filled, sources)
  return filled
}

async function valueFor(random: Random, name: string, field: FieldSpec, sources: Sources, again: boolean): Promise<Fact | undefined> {
  const { type, choices = [], max, required, matches } = field
  const fact = again ? undefined : (sources.facts[name] ?? sources.facts[sameAs[name] ?? ''])
  switch (type) {
    case 'text':
      if (name === 'product') return typeof fact === 'string' ? fact : oneOf(random, await sources.products())
      // The bank gives each payment a number of its own.
      if (name === 'bankNo') return `SIM-${Math.floor(random() * 2 ** 48).toString(36)}`
      if (matches) return typeof fact === 'string' ? fact : matches.example
      return (typeof fact === 'string' && fact.trim() !== '' ? fact : wordsFor(random, name)).slice(0, max ?? 2_000)
    case 'number':
      return typeof fact === 'number' ? fact : Math.floor(random() * Math.min(max ?? 100, 24)) + (max === 0 ? 0 : 1)
    case 'money':
      if (typeof fact !== 'number' && small.has(name)) return Math.round(2_000 * 10 ** random())
      // 100 yuan to 3 million, evenly over the orders of magnitude: small sums are for directors, large ones for the leadership.
      return typeof fact === 'number' ? fact : Math.round(10_000 * 30_000 ** random())
    case 'instant': {
      const span = Math.ceil(random() * 48) * HOUR
      return again ? sources.now - span : sources.now + span
    }
    case 'boolean':
      return random() < 0.3
    case 'choice':
      return typeof fact === 'string' && choices.includes(fact) && !again ? fact : oneOf(random, choices)
    case 'customers':
      return Array.isArray(fact) && fact.length > 0 ? fact : (await sources.customers()).slice(0, 1 + Math.floor(random() * 2))
    case 'resources': {
      if (Array.isArray(fact) && fact.length > 0 && !again) return fact
      const free = required ? await sources.resources() : []
      return free.length > 0 ? [oneOf(random, free)!] : undefined
    }
    case 'units': {
      const person = required ? await sources.person() : undefined
      return person && [person.unit]
    }
    case 'agent':
      return typeof fact === 'string' ? fact : oneOf(random, await sources.agents())
    case 'agents':
      return Array.isArray(fact) ? fact : (await sources.agents()).slice(0, 2)
    // What the machine reckons; nobody invents it.
    case 'texts':
      return fact
    case 'file':
      return sources.file()
    case 'person':
      return required ? (await sources.person())?.id : undefined
    case 'unit':
      return required ? (await sources.person())?.unit : undefined
  }
}

/** Unit and person of one form must belong together, so both come from one person. Where neither is needed, mostly the system chooses. */
async function named(random: Random, form: Form, filled: Record<string, Fact>, sources: Sources): Promise<void> {
  const names = (type: FieldSpec['type']) => Object.keys(form).filter((name) => form[name]!.type === type)
  const units = names('unit')
  const people = names('person')
  if (units.length + people.length === 0) return
  const needed = [...units, ...people].some((name) => form[name]!.required)
  if (!needed && random() >= OPTIONAL) return
  const person = await sources.person()
  if (!person) return
  for (const name of units) if (form[name]!.required || people.length > 0) filled[name] = person.unit
  for (const name of people) if (form[name]!.required || units.length === 0 || random() < 0.5) filled[name] = person.id
}
