import i18next from 'i18next'
import { ApiProblem, type ProblemDocument, Unreachable } from '../http/problem.ts'
import type { Title } from '../http/types.ts'

type FieldProblem = NonNullable<ProblemDocument['errors']>[number]

/** In the reader's language, as a sentence begins. */
function inWords(says: Title): string {
  const text = says[i18next.language === 'en' ? 'en' : 'zh']
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What is wrong with a field. A server of an earlier version says it in English alone. */
function faultText({ code, detail, says }: Omit<FieldProblem, 'says'> & { says?: Title }): string {
  return says ? inWords(says) : (detail ?? code)
}

/** What is said of the fields of a form, by their names without the prefix. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {}
  return Object.fromEntries(
    (error.document.errors ?? []).map((one) => [one.field.replace(/^(form|input|facts|body|spec)\./, ''), faultText(one)]),
  )
}

/** An error in words: what is wrong and what to do. The API writes its titles in the reader's language. */
export function problemText(error: unknown): string {
  if (error instanceof Unreachable) return `${i18next.t('unreachable')}. ${i18next.t('unreachableHint')}`
  if (!(error instanceof ApiProblem)) return String((error as Error)?.message ?? error)
  const { title, detail, says, errors = [] } = error.document
  const fields = errors.map((one) => {
    const text = faultText(one)
    return text === title ? title : i18next.t('field', { field: one.field.replace(/^(form|input)\./, ''), detail: text })
  })
  const more = fields.length > 0 ? fields : [says ? inWords(says) : detail]
  return [...new Set([title, ...more])].filter(Boolean).join('\n')
}
