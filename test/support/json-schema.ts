/** Values by the JSON Schema of an OpenAPI document, from a seed. */

export type Json = Record<string, any>

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const pick = <T>(next: () => number, values: readonly T[]): T => values[Math.floor(next() * values.length)]!

/** Texts among which one fits each pattern that the product uses. */
const texts = [
  'abc-1',
  '12',
  '2026-01',
  '2026-01-05',
  '2026-01-05T09:00:00+08:00',
  '0 2 * * *',
  'Asia/Shanghai',
  '/cn/js',
  '30m',
  'true',
  'P-1',
  '13800000000',
]

interface Options {
  document: Json
  next: () => number
  /** How often an optional field is there, 0 to 1. */
  optional?: number
  /** Values to prefer for fields of a name, e.g. ids that exist. */
  known?: Readonly<Record<string, readonly unknown[]>>
}

/** A value that the schema should take; patterns are met as well as can be. */
export function sample(schema: Json, options: Options, name = '', depth = 0): unknown {
  const { document, next, optional = 0.5, known = {} } = options
  const inner = (one: Json, of = name) => sample(one, options, of, depth + 1)
  if (known[name] && next() < 0.8) return pick(next, known[name])
  if (schema.$ref) return inner(document.components.schemas[(schema.$ref as string).split('/').at(-1)!])
  if ('const' in schema) return schema.const
  if (schema.enum) return pick(next, schema.enum as unknown[])
  const either = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  if (either) return inner(pick(next, either))
  if (schema.allOf) return Object.assign({}, ...(schema.allOf as Json[]).map((one) => inner(one)))
  switch (Array.isArray(schema.type) ? pick(next, schema.type as string[]) : schema.type) {
    case 'boolean':
      return next() < 0.5
    case 'null':
      return null
    case 'integer':
    case 'number': {
      const low = schema.minimum ?? schema.exclusiveMinimum ?? 0
      const high = Math.min(schema.maximum ?? schema.exclusiveMaximum ?? low + 100, low + 1_000)
      return Math.floor(low + next() * (high - low)) + (schema.exclusiveMinimum === undefined ? 0 : 1)
    }
    case 'array': {
      const length = depth > 6 ? (schema.minItems ?? 0) : Math.max(schema.minItems ?? 0, Math.floor(next() * 3))
      return Array.from({ length }, () => inner(schema.items ?? {}))
    }
    case 'object': {
      const required = new Set((schema.required as string[] | undefined) ?? [])
      const own = Object.entries((schema.properties as Json | undefined) ?? {}).filter(
        ([key]) => required.has(key) || (depth < 6 && next() < optional),
      )
      const free =
        typeof schema.additionalProperties === 'object' && depth < 4 && next() < 0.5 ? [['note', schema.additionalProperties]] : []
      return Object.fromEntries([...own, ...(free as [string, Json][])].map(([key, one]) => [key, inner(one, key)]))
    }
    case 'string': {
      if (schema.format === 'date-time') return '2026-02-01T09:00:00Z'
      if (schema.format === 'date') return '2026-02-01'
      if (schema.pattern) {
        const pattern = new RegExp(schema.pattern as string, 'u')
        return texts.find((text) => pattern.test(text)) ?? 'a'
      }
      const length = Math.max(schema.minLength ?? 0, Math.min(schema.maxLength ?? 20, 1 + Math.floor(next() * 20)))
      return 'abcdefghijklmnopqrst'.repeat(Math.ceil(length / 20)).slice(0, length)
    }
    default:
      return pick(next, ['text', 1, true])
  }
}
