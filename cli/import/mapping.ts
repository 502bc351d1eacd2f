/** The mapping file: which order a fault becomes. A user edits it; rules are looked at from the top, the first that fits counts. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { checkForm } from '../../domain/order/form.ts'
import { Refusal } from '../../domain/order/refusal.ts'
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import { customerGrades } from '../../domain/processes/repair-times.ts'
import { InputError } from './csv.ts'
import type { Fault } from './faults.ts'
import { isIn, problemOf } from './values.ts'

const values = z
  .array(z.string().min(1))
  .min(1)
  .superRefine((list, context) => {
    for (const entry of list) {
      const problem = problemOf(entry)
      if (problem) context.addIssue({ code: 'custom', message: problem })
    }
  })

/** Every condition named must hold. Of several events or resources one is enough. */
const when = z.strictObject({
  fault_severity: values.optional(),
  severity_type: values.optional(),
  event_type: values.optional(),
  resource_type: values.optional(),
  /** So many different resources are affected. */
  resourcesAtLeast: z.int().min(1).optional(),
  /** Volumes of its log features, added up. */
  volumeAtLeast: z.int().min(1).optional(),
})

const rules = <T extends z.ZodType>(use: T) =>
  z
    .array(z.strictObject({ about: z.string().optional(), when: when.optional(), use }))
    .min(1)
    .superRefine((list, context) => {
      const open = list.findIndex((rule) => !rule.when)
      if (open === list.length - 1) return
      const message =
        open < 0
          ? 'the last rule must have no "when", so that every fault finds one'
          : `rule ${open + 1} has no "when", so those after it are never reached`
      context.addIssue({ code: 'custom', message })
    })

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens')

const mappingSchema = z.strictObject({
  about: z.union([z.string(), z.array(z.string())]).optional(),
  /** Names the list: an order keeps it with the number of its fault, and the pair makes an import repeatable. */
  channel: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens'),
  values: z.strictObject({ fault_severity: values, severity_type: values, event_type: values, resource_type: values }),
  process: rules(id),
  product: rules(id),
  customerGrade: rules(z.enum(customerGrades)),
  /** For bandwidth products only. */
  circuitGrade: rules(z.enum(['A', 'B', 'C'])),
  title: z.string().min(1),
  /** By process: what the start of the order is given. */
  input: z.record(id, z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
})

export type Mapping = z.output<typeof mappingSchema>
type When = z.output<typeof when>

export interface Mapped {
  process: string
  product: string
  customerGrade: (typeof customerGrades)[number]
  circuitGrade: 'A' | 'B' | 'C'
}

/** The mapping that comes with the product: beside the sources, also for built code, so that there is one file to edit. */
export const defaultMapping = ['./telstra-mapping.json', '../../../cli/import/telstra-mapping.json']
  .map((place) => new URL(place, import.meta.url))
  .find((place) => existsSync(place))!

/** @throws InputError that names the place in the file */
export function readMapping(file: string | URL): Mapping {
  const name = file instanceof URL ? fileURLToPath(file) : file
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new InputError(`The mapping file ${name} can't be read: ${(error as Error).message}`)
  }
  const parsed = mappingSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`)
  throw new InputError([`The mapping file ${name} is wrong; correct and run again:`, ...lines].join('\n'))
}

/**
 * Checks what the mapping names against what there is, before anything is started.
 *
 * @throws InputError that lists all that is wrong
 */
export function checkMapping(mapping: Mapping, known: { specs: readonly ProcessSpec[]; products?: readonly string[] }): void {
  const problems: string[] = []
  for (const { use } of mapping.process) {
    const spec = known.specs.find((one) => one.id === use)
    const input = mapping.input[use]
    if (!spec) problems.push(`process: there is no "${use}"; known: ${known.specs.map((one) => one.id).join(', ')}`)
    else if (!input) problems.push(`input: nothing for the process "${use}", which needs ${Object.keys(spec.input).join(', ')}`)
    else problems.push(...inputProblems(spec, input))
  }
  for (const { use } of mapping.product)
    if (known.products && !known.products.includes(use)) problems.push(`product: there is no "${use}"; known: ${known.products.join(', ')}`)
  if (problems.length > 0)
    throw new InputError(['The mapping file does not fit:', ...new Set(problems.map((line) => `  ${line}`))].join('\n'))
}

const sample: Fault = {
  id: '1',
  line: 2,
  location: 1,
  severity: '0',
  severityType: 'severity_type 1',
  events: ['event_type 1'],
  resources: ['resource_type 1'],
  features: [{ name: 'feature 1', volume: 1 }],
}

function inputProblems(spec: ProcessSpec, input: Readonly<Record<string, Fact>>): string[] {
  try {
    checkForm(spec.input, fillIn(input, placeholders(sample, { service: 'L1-SDH-A-001', at: 1 })), 'input')
    return []
  } catch (error) {
    if (error instanceof Refusal) return [`input: ${spec.id}, ${error.field}: ${error.detail}`]
    if (error instanceof InputError) return [`input: ${spec.id}: ${error.message}`]
    throw error
  }
}

/** What the fault becomes. */
export function mapFault(mapping: Mapping, fault: Fault): Mapped {
  const first = <T>(list: readonly { when?: When; use: T }[]): T => list.find((rule) => !rule.when || fits(rule.when, fault))!.use
  return {
    process: first(mapping.process),
    product: first(mapping.product),
    customerGrade: first(mapping.customerGrade),
    circuitGrade: first(mapping.circuitGrade),
  }
}

function fits(condition: When, fault: Fault): boolean {
  const has = (list: readonly string[] | undefined, ...found: readonly string[]) => !list || found.some((value) => isIn(list, value))
  return (
    has(condition.fault_severity, fault.severity) &&
    has(condition.severity_type, fault.severityType) &&
    has(condition.event_type, ...fault.events) &&
    has(condition.resource_type, ...fault.resources) &&
    fault.resources.length >= (condition.resourcesAtLeast ?? 0) &&
    volumeOf(fault) >= (condition.volumeAtLeast ?? 0)
  )
}

const volumeOf = ({ features }: Fault): number => features.reduce((sum, { volume }) => sum + volume, 0)

type Placeholders = Readonly<Record<string, string | number>>

/** What may stand in braces in `title` and `input`. `at` is epoch ms of the first attempt to import the fault. */
export function placeholders(fault: Fault, { service, at }: { service: string; at: number }): Placeholders {
  const list = (items: readonly string[]) => items.slice(0, 8).join(', ') + (items.length > 8 ? ', …' : '')
  return {
    id: fault.id,
    location: `L-${fault.location}`,
    severity: fault.severity,
    severityType: fault.severityType,
    events: list(fault.events),
    resources: list(fault.resources),
    features: list(fault.features.map(({ name, volume }) => `${name} ×${volume}`)),
    volume: volumeOf(fault),
    service,
    at,
  }
}

/** A value that is nothing but a placeholder keeps its type, so that `{at}` is an instant. */
export function fillIn(input: Readonly<Record<string, Fact>>, known: Placeholders): Record<string, Fact> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value]
      const [, alone] = /^\{(\w+)\}$/.exec(value) ?? []
      return [name, alone === undefined ? fillText(value, known) : valueOf(alone, known)]
    }),
  )
}

/** @throws InputError on a placeholder that does not exist */
export const fillText = (text: string, known: Placeholders): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(valueOf(name, known)))

function valueOf(name: string, known: Placeholders): string | number {
  const value = known[name]
  if (value === undefined) throw new InputError(`there is no {${name}}; known: ${Object.keys(known).join(', ')}`)
  return value
}
