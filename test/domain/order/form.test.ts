import { describe, expect, it } from 'vitest'
import { checkForm } from '../../../domain/order/form.ts'
import type { Refusal } from '../../../domain/order/refusal.ts'
import type { FieldSpec } from '../../../domain/order/spec.ts'

const title = { zh: 'x', en: 'x' }
const fields = {
  name: { title, type: 'text', required: true, max: 5 },
  month: { title, type: 'text', matches: { pattern: '\\d{4}', example: '2026' } },
  count: { title, type: 'number', max: 9 },
  fee: { title, type: 'money' },
  kind: { title, type: 'choice', choices: ['a', 'b'] },
  units: { title, type: 'units' },
  sure: { title, type: 'boolean' },
} as const satisfies Record<string, FieldSpec>

function fault(form: Record<string, never | string | number | boolean | string[]>): [string | undefined, string | undefined, string] {
  try {
    checkForm(fields, form, 'input')
  } catch (error) {
    const { field, fault: of, code } = error as Refusal
    return [field, of, code]
  }
  throw new Error('it was taken')
}

describe('a form that does not fit says of which field, and what is wrong with it', () => {
  it.each([
    ['missing', {}, 'name', 'REQUIRED'],
    ['of blanks', { name: '  ' }, 'name', 'REQUIRED'],
    ['unknown', { name: 'x', other: 1 }, 'other', 'UNKNOWN_FIELD'],
    ['too long', { name: 'xxxxxx' }, 'name', 'TOO_LONG'],
    ['written otherwise', { name: 'x', month: '26' }, 'month', 'BAD_FORMAT'],
    ['too large', { name: 'x', count: 10 }, 'count', 'TOO_LARGE'],
    ['below nothing', { name: 'x', count: -1 }, 'count', 'TOO_SMALL'],
    ['no number', { name: 'x', count: 'many' }, 'count', 'WRONG_TYPE'],
    ['money in fractions', { name: 'x', fee: 1.5 }, 'fee', 'WRONG_TYPE'],
    ['no choice', { name: 'x', kind: 'c' }, 'kind', 'NOT_ONE_OF'],
    ['an empty list', { name: 'x', units: [] }, 'units', 'WRONG_TYPE'],
    ['a word for yes', { name: 'x', sure: 'yes' }, 'sure', 'WRONG_TYPE'],
  ])('%s', (_what, form, field, code) => {
    expect(fault(form as never)).toEqual([`input.${field}`, code, 'FORM_INVALID'])
  })
})
