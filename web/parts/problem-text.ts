import i18next from 'i18next'
import { ApiProblem, Unreachable } from '../http/problem.ts'

/** An error in words: what is wrong and what to do. The API writes its sentences in the reader's language. */
export function problemText(error: unknown): string {
  if (error instanceof Unreachable) return `${i18next.t('unreachable')}. ${i18next.t('unreachableHint')}`
  if (!(error instanceof ApiProblem)) return String((error as Error)?.message ?? error)
  const { title, detail, errors = [] } = error.document
  const fields = errors.map(({ field, detail: what, code }) =>
    i18next.t('field', { field: field.replace(/^(form|input)\./, ''), detail: what ?? code }),
  )
  return [title, ...(fields.length > 0 ? fields : detail ? [detail] : [])].join('\n')
}
