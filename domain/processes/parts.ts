/** Short ways to write the parts of a specification. */
import type { FieldSpec, FieldType, OutcomeSpec } from '../order/spec.ts'
import type { Title } from '../title.ts'

export const t = (zh: string, en: string): Title => ({ zh, en })

export const field = (type: FieldType, zh: string, en: string, more: Partial<FieldSpec> = {}): FieldSpec => ({
  title: t(zh, en),
  type,
  ...more,
})

export const choice = (zh: string, en: string, ...choices: string[]): FieldSpec => field('choice', zh, en, { choices })

export const must = (spec: FieldSpec): FieldSpec => ({ ...spec, required: true })

export const outcome = (zh: string, en: string, form?: OutcomeSpec['form'], more: Partial<OutcomeSpec> = {}): OutcomeSpec => ({
  title: t(zh, en),
  ...(form && { form }),
  ...more,
})

/** A month, as billing periods are written. */
export const month = (zh: string, en: string): FieldSpec =>
  field('text', zh, en, { max: 7, matches: { pattern: '\\d{4}-(0[1-9]|1[0-2])', example: '2026-10' } })

/** What every "no" owes to whoever reads the history later. */
export const why = { reason: must(field('text', '原因', 'Reason', { max: 500 })) }

/** A long text; the record keeps it, the event carries its digest. */
export const LONG_TEXT = 20_000
