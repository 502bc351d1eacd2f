/** What a policy says, in words: names of fields and values, lengths of time, money, who is told. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { parseBudget } from '../../domain/calendar/duration.ts'
import { knownValue } from '../../domain/fact-titles.ts'
import { useRoleTitles } from '../order/words.ts'
import { duration, money } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { type Policy, policiesQuery } from './queries.ts'

/** Fields in fen. */
const sums = new Set(['maxAmount', 'minCharges', 'redLimit', 'greyLimit', 'blackLimit'])
/** Conditions that the title of the policy names. */
const inTitle = new Set(['process', 'step', 'for', 'clock'])
const levels = { province: 1, city: 1, county: 1 } as const

export interface PolicyWords {
  /** A field of a policy's value. */
  field: (field: string) => string
  /** Its value. */
  value: (field: string, value: unknown) => string
  /** The whole value in a line. */
  brief: (kind: Policy['kind'], spec: Record<string, unknown>) => string
  /** For which clock, product, grade, role it holds. */
  conditions: (policy: Policy) => string[]
}

interface Rung {
  pct: number
  to: readonly string[]
}

export function usePolicyWords(): PolicyWords {
  const { t } = useTranslation(['admin', 'calendars', 'common'])
  const lang = useLang()
  const { say } = useTitles()
  const role = useRoleTitles()
  const { data } = useQuery(policiesQuery('ladders'))
  const ladders = new Map(data?.items.map(({ id, title }) => [id, say(title)]))

  const budget = (text: string): string => {
    try {
      const { ms, unit } = parseBudget(text)
      if (unit !== 'WD') return duration(ms, lang)
      const count = Number.parseFloat(text)
      return t(count === 1 ? 'policies.workingDay' : 'policies.workingDays', { count })
    } catch {
      return text
    }
  }
  const recipient = (to: string): string => t(`policies.to.${to}` as 'policies.to.assignee', { defaultValue: role(to) })
  const rung = ({ pct, to }: Rung): string => `${pct} % → ${to.map(recipient).join(t('policies.and'))}`
  const field = (name: string): string => t(`policies.field.${name}` as 'policies.field.days', { defaultValue: name })
  const value = (name: string, of: unknown): string => {
    if (of === null || of === undefined) return '–'
    if (name === 'budget' && typeof of === 'string') return budget(of)
    if (name === 'ladder' && typeof of === 'string') return ladders.get(of) ?? of
    if (name === 'calendar' && (of === 'W' || of === 'C')) return t(`calendars:names.${of}`)
    if (name === 'mode' && typeof of === 'string') return t(`policies.mode.${of}` as 'policies.mode.auto', { defaultValue: of })
    if (name === 'rungs' && Array.isArray(of)) return (of as Rung[]).map(rung).join(t('policies.then'))
    if (typeof of === 'number') return sums.has(name) ? money(of, lang) : String(of)
    return typeof of === 'object' ? JSON.stringify(of) : String(of)
  }
  const brief = (kind: Policy['kind'], spec: Record<string, unknown>): string =>
    kind === 'limits'
      ? ['budget', 'calendar', 'ladder'].map((name) => value(name, spec[name])).join(' · ')
      : kind === 'ladders'
        ? value('rungs', spec['rungs'])
        : Object.entries(spec)
            .map(([name, one]) => `${field(name)} ${value(name, one)}`)
            .join(' · ')
  const condition = (name: string, of: string): string => {
    if (name === 'role') return role(of)
    if (name === 'level') return of in levels ? t(`policies.level.${of as keyof typeof levels}`) : of
    if (name === 'customerGrade') return t(`common:grade.${of}` as 'common:grade.group', { defaultValue: of })
    return say(knownValue(name === 'tag' ? 'tags' : name, of)) || of
  }
  return {
    field,
    value,
    brief,
    conditions: (policy) =>
      'applies' in policy
        ? Object.entries(policy.applies).flatMap(([name, of]) =>
            typeof of === 'string' && !inTitle.has(name) ? [condition(name, of)] : [],
          )
        : [],
  }
}
