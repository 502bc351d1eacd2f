/** What the models in force say of one customer, with the reasons in words (P-34 detect-pre-churn). Pure. */
import type { Title } from '../title.ts'
import type { Profile } from './profile.ts'
import { type Rule, raises, say } from './rules.ts'
import { type Scorecard, sayScore, pointsOf } from './scorecard.ts'

/** Key of the reason that a scorecard gives. */
export const SCORECARD = 'scorecard'

export interface Reason extends Title {
  /** The signal, or `scorecard`: the same key within the quiet period opens no second case. */
  key: string
  points?: number
}

export interface Observed {
  profile?: Profile
  /** One for each rule, in their order. */
  measures: readonly (number | null)[]
}

export interface Scored {
  alarmed: boolean
  /** Of the scorecard; null where none could look. */
  points: number | null
  reasons: Reason[]
}

export function score(models: { rules: readonly Rule[]; card?: Scorecard }, { profile, measures }: Observed): Scored {
  const { rules, card } = models
  const reasons: Reason[] = rules.flatMap((rule, i) => {
    const measure = measures[i] ?? null
    return measure !== null && raises(rule, measure) ? [{ key: rule.signal, ...say(rule, measure) }] : []
  })
  const scored = card && profile ? sayScore(card, profile) : undefined
  if (scored) reasons.push({ key: SCORECARD, ...scored })
  const points = card && profile ? pointsOf(card, profile).points : null
  return { alarmed: reasons.length > 0, points, reasons }
}

/** Reasons as one text of both languages, at most so long. */
export function inWords(reasons: readonly Title[], most: number): string {
  const text = `${reasons.map(({ zh }) => zh).join('；')} / ${reasons.map(({ en }) => en).join('; ')}`
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
