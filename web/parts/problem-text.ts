import i18next from 'i18next'
import { ApiProblem, type ProblemDocument, Unreachable } from '../http/problem.ts'
import type { common } from '../texts/en/common.ts'

type FieldProblem = NonNullable<ProblemDocument['errors']>[number]
type Fault = keyof (typeof common)['fault']

/** The API's detail is English. Where that is read, it says more than the code alone. */
const telling = new Set<string>(['NOT_ONE_OF', 'BAD_FORMAT', 'INVALID'])

const limits = new Set<string>(['TOO_SHORT', 'TOO_LONG', 'TOO_SMALL', 'TOO_LARGE'])

/** What is wrong with a field, in the reader's language, by its code. */
function faultText({ code, detail }: FieldProblem, document: ProblemDocument): string {
  if (!i18next.exists(`fault.${code}`)) return code === document.code ? document.title : (detail ?? code)
  const english = i18next.language === 'en'
  if (telling.has(code) && detail && english) return detail
  const text = i18next.t(`fault.${code as Fault}`)
  const [limit] = limits.has(code) ? (/\d+/.exec(detail ?? '') ?? []) : []
  if (code === 'TOO_SHORT' && limit === '1') return i18next.t('fault.REQUIRED')
  if (limit) return i18next.t('faultLimit', { text, limit })
  const [, example] = /^must look like (.+)$/.exec(detail ?? '') ?? []
  if (example) return i18next.t('faultExample', { text, example })
  return code === 'INVALID' && detail ? i18next.t('field', { field: text, detail }) : text
}

/** What is said of the fields of a form, by their names without the prefix. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {}
  const { document } = error
  return Object.fromEntries(
    (document.errors ?? []).map((one) => [one.field.replace(/^(form|input|facts|body|spec)\./, ''), faultText(one, document)]),
  )
}

/** An error in words: what is wrong and what to do. The API writes its titles in the reader's language. */
export function problemText(error: unknown): string {
  if (error instanceof Unreachable) return `${i18next.t('unreachable')}. ${i18next.t('unreachableHint')}`
  if (!(error instanceof ApiProblem)) return String((error as Error)?.message ?? error)
  const { document } = error
  const fields = (document.errors ?? []).map((one) => {
    const detail = faultText(one, document)
    return detail === document.title ? (one.detail ?? '') : i18next.t('field', { field: one.field.replace(/^(form|input)\./, ''), detail })
  })
  return [document.title, ...(fields.length > 0 ? fields : document.detail ? [document.detail] : [])].filter(Boolean).join('\n')
}
