/** Rule sets of the detection runs as they stand at the beginning. Scorecards are fitted (npm run fit-scorecard). */
import type { RuleSet } from '../../domain/retention/rules.ts'
import type { Row } from './rows.ts'

/** P-34, open questions (default). */
export const preChurn: RuleSet = {
  rules: [
    { signal: 'charge-change', percent: 30 },
    { signal: 'call-forwarding', days: 30 },
    { signal: 'service-calls', count: 3, days: 7 },
    { signal: 'open-complaint' },
  ],
  quietDays: 30,
  perManager: 5,
}

/** P-35, open questions (default); for middle and high-end customers only (rules). */
export const fluctuation: RuleSet = {
  rules: [{ signal: 'charge-deviation', percent: 30, months: 3 }],
  quietDays: 30,
  perManager: 5,
  values: ['high', 'mid'],
}

/** P-37: the kinds of Telecom 3.2.1.8 with default thresholds (fen). */
export const abnormal: RuleSet = {
  rules: [
    { signal: 'high-consumption', fen: 500_000 },
    { signal: 'low-consumption', fen: 500 },
    { signal: 'calling-behaviour', days: 30 },
    { signal: 'low-credit' },
    { signal: 'arrears', fen: 50_000 },
  ],
  quietDays: 30,
}

const released = (id: string, process: string, spec: RuleSet, at: string): Row => ({
  id,
  version: 1,
  process,
  kind: 'rules',
  spec,
  state: 'released',
  saved_by: 'seed',
  saved_at: at,
  released_by: 'seed',
  released_at: at,
})

/** @param validFrom ISO text */
export const modelRows = (validFrom: string): Row[] => [
  released('pre-churn', 'retention', preChurn, validFrom),
  released('fluctuation', 'customer-maintenance', fluctuation, validFrom),
  released('abnormal', 'abnormal-customer-tracking', abnormal, validFrom),
]
