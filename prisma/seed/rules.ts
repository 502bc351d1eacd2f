/** Rules that are data and no limit, as they stand at the beginning. */
import type { RuleKind } from '../../domain/order/rules.ts'
import type { Fact, Mark } from '../../domain/order/spec.ts'
import type { Row } from './rows.ts'

interface Rule {
  kind: RuleKind
  id: string
  spec: Readonly<Record<string, Fact>>
  mark: Mark
  /** Where the value stands, or what it follows. */
  note: string
}

const rule = (kind: RuleKind, id: string, spec: Rule['spec'], mark: Mark, note: string): Rule => ({ kind, id, spec, mark, note })

export const rules: readonly Rule[] = [
  rule(
    'dispatch',
    'default',
    { mode: 'auto' },
    'default',
    'catalogue 0.3: the machine asks, and the task stays with whom it asked until he refuses',
  ),
  rule(
    'dispatch',
    'graded-fault/repair-fault',
    { mode: 'auto' },
    'default',
    'P-14: the repair clock runs; an offer that came back would only cost time',
  ),
  rule(
    'dispatch',
    'suggestion/make-suggestion-report',
    { mode: 'offer' },
    'default',
    'P-11: no hurry; who does not take it in time leaves it to a colleague',
  ),
  rule('repeat', 'complaint', { days: 30 }, 'default', 'P-09: a complaint about the same number within these days is a repeat'),
  rule(
    'screening',
    'customer-transfer',
    { minCharges: 500_000, minMonths: 6 },
    'default',
    'P-10: monthly charges (fen) and months on the network',
  ),
  rule('review', 'potential-demand', { days: 90 }, 'default', 'P-02: both archived cases are looked at again'),
  rule(
    'credit',
    'default',
    {
      start: 60,
      onTime: 2,
      arrears: -15,
      restriction: -25,
      blemish: -20,
      redFrom: 80,
      blackBelow: 30,
      redLimit: 5_000_000,
      greyLimit: 1_000_000,
      blackLimit: 0,
    },
    'default',
    'P-31: points by what happened within a year; different classes, different limits (fen)',
  ),
  rule('late-payment', 'default', { points: 100 }, 'default', 'P-32: points that a payment after dunning costs (2.4.1)'),
  rule('validity', 'solution', { days: 90 }, 'default', 'P-03 rule 3: how long a contract may be drafted on a solution'),
]

/** Rows of the rules. @param validFrom ISO text */
export const ruleRows = (validFrom: string): Row[] =>
  rules.map(({ note, ...row }) => ({ ...row, version: 1, valid_from: validFrom, changed_by: null, note }))
