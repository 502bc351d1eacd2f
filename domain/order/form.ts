/** Forms are checked by the same rules in the console, at the door and in the engine. */
import type { Title } from '../title.ts'
import { isSealed } from './sealed.ts'
import { type FieldFault, faultTitles, Refusal } from './refusal.ts'
import type { Fact, FieldSpec } from './spec.ts'
import { wants } from './wants.ts'

const TEXT_MAX = 2000

const NO_SUCH_FIELD: Title = { zh: '表单没有该字段', en: 'the form has no such field' }

/** @throws Refusal FORM_INVALID naming the field: unknown, missing, or of a wrong type or size. */
export function checkForm(fields: Readonly<Record<string, FieldSpec>>, form: Readonly<Record<string, Fact>>, prefix = 'form'): void {
  for (const name of Object.keys(form))
    if (!Object.hasOwn(fields, name))
      throw new Refusal('FORM_INVALID', { field: `${prefix}.${name}`, fault: 'UNKNOWN_FIELD', says: NO_SUCH_FIELD })
  for (const [name, field] of Object.entries(fields)) {
    const value = form[name]
    const wanted = field.required || [field.requiredWith ?? []].flat().some((other) => form[other] === true)
    const wrong: Wrong | undefined =
      value === undefined ? (wanted ? ['REQUIRED', faultTitles.REQUIRED] : undefined) : wrongValue(field, value)
    if (!wrong) continue
    const [fault, says, detail = says.en] = wrong
    throw new Refusal('FORM_INVALID', { field: `${prefix}.${name}`, fault, says, detail })
  }
}

/** The detail stands for programs where it is not what is said in English. */
type Wrong = readonly [fault: FieldFault, says: Title, detail?: string]

function wrongValue(field: FieldSpec, value: Fact): Wrong | undefined {
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : ['WRONG_TYPE', wants.yesOrNo]
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return ['WRONG_TYPE', wants.numberUpTo(field.max)]
      if (value >= 0 && value <= (field.max ?? Number.MAX_SAFE_INTEGER)) return undefined
      return [value < 0 ? 'TOO_SMALL' : 'TOO_LARGE', wants.numberUpTo(field.max)]
    }
    case 'money':
      return Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : ['WRONG_TYPE', wants.money]
    case 'instant':
      return Number.isSafeInteger(value) && (value as number) > 0 ? undefined : ['WRONG_TYPE', wants.instant]
    case 'choice':
      return field.choices?.includes(value as string) ? undefined : ['NOT_ONE_OF', wants.mustBeOneOf(field.choices ?? [])]
    case 'customers':
    case 'units':
    case 'resources':
    case 'agents':
    case 'texts':
      return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
        ? undefined
        : ['WRONG_TYPE', wants.list]
    case 'text':
    case 'unit':
    case 'person':
    case 'agent':
    case 'file': {
      const max = field.max ?? TEXT_MAX
      if (typeof value !== 'string') return ['WRONG_TYPE', wants.text]
      if (value.trim() === '') return ['REQUIRED', faultTitles.REQUIRED, wants.text.en]
      // Looked at before it was sealed.
      if (field.personal && isSealed(value)) return undefined
      if (value.length > max) return ['TOO_LONG', wants.atMostLong(max)]
      if (field.matches && !new RegExp(`^(${field.matches.pattern})$`, 'u').test(value))
        return ['BAD_FORMAT', wants.like(field.matches.example)]
      return undefined
    }
  }
}
