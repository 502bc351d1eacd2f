/** What is wrong with single fields. What a schema finds is put into words here, and nowhere else. */
import type { ZodError } from 'zod'
import { faultTitles } from '../domain/order/refusal.ts'
import { wants } from '../domain/order/wants.ts'
import type { Title } from '../domain/title.ts'
import type { FieldCode, ProblemCode } from './problem-codes.ts'
import { toldBy } from './schemas/told.ts'

export interface FieldError {
  field: string
  code: FieldCode | ProblemCode
  /** For programs and logs; English. */
  detail?: string
  /** For the form: a console shows its reader's language. */
  says: Title
}

/** @param detail default: what it says in English */
export const fieldError = (field: string, code: FieldError['code'], says: Title, detail = says.en): FieldError => ({
  field,
  code,
  detail,
  says,
})

type Issue = ZodError['issues'][number]
type Found = readonly [code: FieldCode, says: Title]

/** The fields that a schema found wrong, in the closed list of field codes. */
export function fieldErrors(error: ZodError, prefix = ''): FieldError[] {
  const name = (path: readonly PropertyKey[]) => [prefix, ...path.map(String)].filter(Boolean).join('.') || 'body'
  return error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => fieldError(name([...issue.path, key]), 'UNKNOWN_FIELD', faultTitles.UNKNOWN_FIELD))
    const [code, says] = found(issue)
    const detail = code === 'NOT_ONE_OF' ? says.en : issue.message
    return [fieldError(name(issue.path), code, toldBy(issue.message) ?? says, detail)]
  })
}

const oneOf = (values: readonly unknown[]): Found => {
  const list = values.map(String).join(', ')
  return ['NOT_ONE_OF', { zh: `须为其中之一：${list}`, en: `one of ${list}` }]
}

function found(issue: Issue): Found {
  switch (issue.code) {
    case 'invalid_type':
      return /received undefined/.test(issue.message)
        ? ['REQUIRED', faultTitles.REQUIRED]
        : ['WRONG_TYPE', types[issue.expected] ?? faultTitles.WRONG_TYPE]
    case 'invalid_value':
      return oneOf(issue.values)
    case 'invalid_union': {
      const { discriminator, options } = issue as { discriminator?: string; options?: readonly unknown[] }
      return discriminator ? oneOf(options ?? []) : ['WRONG_TYPE', faultTitles.WRONG_TYPE]
    }
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return tooBig(issue)
    case 'invalid_format':
      return ['BAD_FORMAT', formats[issue.format] ?? faultTitles.BAD_FORMAT]
    default:
      return ['INVALID', faultTitles.INVALID]
  }
}

const types: Readonly<Record<string, Title>> = {
  string: wants.text,
  boolean: wants.yesOrNo,
  number: { zh: '须为数字', en: 'must be a number' },
  int: { zh: '须为整数', en: 'must be a whole number' },
  array: { zh: '须为列表', en: 'must be a list' },
}

const formats: Readonly<Record<string, Title>> = {
  datetime: wants.like('2026-10-01T09:00:00+08:00'),
  email: wants.like('name@example.com'),
}

type TooSmall = Extract<Issue, { code: 'too_small' }>
type TooBig = Extract<Issue, { code: 'too_big' }>

function tooSmall({ origin, minimum, inclusive = true }: TooSmall): Found {
  const least = String(minimum)
  switch (origin) {
    case 'string':
      return [
        'TOO_SHORT',
        least === '1' ? faultTitles.REQUIRED : { zh: `至少 ${least} 个字`, en: `must have at least ${least} characters` },
      ]
    case 'array':
      return ['TOO_SHORT', least === '1' ? faultTitles.REQUIRED : { zh: `至少 ${least} 项`, en: `must have at least ${least} items` }]
    default:
      return [
        'TOO_SMALL',
        inclusive ? { zh: `至少为 ${least}`, en: `at least ${least}` } : { zh: `须大于 ${least}`, en: `more than ${least}` },
      ]
  }
}

function tooBig({ origin, maximum, inclusive = true }: TooBig): Found {
  const most = String(maximum)
  switch (origin) {
    case 'string':
      return ['TOO_LONG', wants.atMostLong(Number(maximum))]
    case 'array':
      return ['TOO_LONG', { zh: `最多 ${most} 项`, en: `must have at most ${most} items` }]
    default:
      return ['TOO_LARGE', inclusive ? { zh: `至多为 ${most}`, en: `at most ${most}` } : { zh: `须小于 ${most}`, en: `less than ${most}` }]
  }
}
