/** Rules that are data and no limit, and the one of them that dispatch goes by: how a step is handed out. */
import type { Fact } from './spec.ts'

/** dispatch: how a step is handed out. screening: P-10. repeat: P-09. review: P-02. validity: P-03. credit: P-31. late-payment: P-32. */
export const ruleKinds = ['dispatch', 'screening', 'repeat', 'review', 'validity', 'credit', 'late-payment'] as const
export type RuleKind = (typeof ruleKinds)[number]

/** A version of a rule as its row holds it; instants in epoch ms. */
export interface RuleRow {
  kind: RuleKind
  /** What it is about; the more particular one wins. */
  id: string
  version: number
  spec: Readonly<Record<string, Fact>>
  validFrom: number
}

/** auto: the machine asks somebody. offer: it does, and takes the offer back unless it is accepted in time. manual: a desk decides. */
export const dispatchModes = ['auto', 'offer', 'manual'] as const
export type DispatchMode = (typeof dispatchModes)[number]

/** The rule that holds where there is no particular one. */
export const DEFAULT_RULE = 'default'

/**
 * The rule that held at an instant for the first of these ids that had one by then.
 * @param ids from the most particular on
 * @param at the order's opening: running orders keep the rule that they began with
 */
export function ruleAt(rules: readonly RuleRow[], kind: RuleKind, ids: readonly string[], at: number): RuleRow | undefined {
  for (const id of ids) {
    let found: RuleRow | undefined
    for (const row of rules)
      if (row.kind === kind && row.id === id && row.validFrom <= at && (!found || row.validFrom >= found.validFrom)) found = row
    if (found) return found
  }
  return undefined
}

/** How a step is handed out, and the rule that says so: that of the step, of its process, of all. Without any, the machine asks. */
export function dispatchAt(rules: readonly RuleRow[], process: string, step: string, at: number): { mode: DispatchMode; rule?: string } {
  const found = ruleAt(rules, 'dispatch', [`${process}/${step}`, process, DEFAULT_RULE], at)
  const mode = dispatchModes.find((known) => known === found?.spec.mode) ?? 'auto'
  return { mode, ...(found && { rule: `${found.id}@${found.version}` }) }
}
