/** What a history holds, as people say it: names for ids, titles for steps and fields, times in the zone of the desk. */
import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { knownFact, knownValue } from '../../../domain/fact-titles.ts'
import { effects } from '../../../domain/processes/effects.ts'
import { ladders } from '../../../domain/processes/ladders.ts'
import { processQuery } from '../../http/queries.ts'
import type { Fact, Field, Form, Names, ProcessDetail } from '../../http/types.ts'
import { fieldsOf, stepOf, useProcessTitles, useRoleTitles, useValues, useWords } from '../../order/words.ts'
import { useRegions } from '../../parts/regions.ts'
import { clockTime, duration, lateness } from '../../parts/time.ts'
import { useLang, useTitles } from '../../texts/use-lang.ts'
import { inTurn, isName, type Kind, kinds } from './kinds.ts'

export type Values = Readonly<Record<string, unknown>>
/** A text, or names with what stands under each. */
export type Said = string | readonly Line[]
export interface Line {
  key: string
  label: string
  said: Said
}

/** The processes whose words an order uses: its own, and those of the orders around it. */
export interface Speakers {
  process: string
  related: readonly string[]
}

export interface Say {
  /** Of a name in a state or a fact of the history. */
  label: (name: string) => string
  task: (id: string) => string
  step: (id: string) => string
  clock: (id: string) => string
  child: (id: string, process: string) => string
  fact: (name: string) => string
  factValue: (name: string, value: unknown) => string
  /** What stands under `name` in `within`. */
  value: (name: string, value: unknown, within?: Values) => Said
  lines: (values: Values) => Line[]
}

export const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)

const how = { automatic: 1, child: 1, offer: 1, person: 1, system: 1 }
const heard = { payment: 1, payout: 1, 'customer-transferred': 1 }
const parties = { customer: 1, vendor: 1, own: 1, 'third-party': 1 }
const marks = { given: 1, inferred: 1, default: 1, demo: 1 }
const statuses = { open: 1, withdrawing: 1, closed: 1, stopped: 1, undispatched: 1, offered: 1, accepted: 1, automatic: 1, child: 1 }
const has = <T extends object>(of: T, key: string): key is keyof T & string => Object.hasOwn(of, key)

export function useSay({ process: id, related }: Speakers, names: Names): Say {
  const { t } = useTranslation(['audit', 'order', 'common'])
  const { say, name } = useTitles()
  const lang = useLang()
  const all = useQueries({ queries: [...new Set([id, ...related])].map((one) => processQuery(one)) })
    .map(({ data }) => data)
    .filter((one) => one !== undefined)
  const processes = new Map(all.map((one) => [one.id, one]))
  const process = processes.get(id)
  const words = useWords(process)
  const processTitle = useProcessTitles()
  const role = useRoleTitles()
  const { nameOf: region } = useRegions()
  const write = useValues(names)
  const fields: Form = Object.assign({}, ...[...all].reverse().map(fieldsOf), process && fieldsOf(process)) as Form
  const own = process && fieldsOf(process)
  const comma = lang === 'zh' ? '\u3001' : ', '
  const plain = (value: unknown): string => (typeof value === 'string' ? name(names, value) : String(value))
  const stepOfAny = (step: string, of: ProcessDetail | undefined = process) => say(of?.steps[stepOf(step)]?.title) || stepOf(step)

  const task = (of: string): string => {
    const [opening, n] = splitLast(of, '.')
    const key = opening.includes(':') ? opening.slice(opening.indexOf(':') + 1) : undefined
    const title = [stepOfAny(of), key && name(names, key)].filter(Boolean).join(' \u00b7 ')
    return Number(n) > 1 ? `${title} ${t('round', { n })}` : title
  }
  const clock = (of: string): string => {
    const [holder, kind] = splitLast(of, '/')
    if (kind === 'complete' || kind === 'accept' || kind === 'dispatch') return t(`order:clocks.${kind}`, { step: task(holder) })
    return words.clock(of)
  }
  const child = (of: string, process: string): string => [processTitle(process), names[of]?.[lang]].filter(Boolean).join(' \u00b7 ')
  const joint = (of: string, party: string): string => {
    const asked = process?.steps[stepOf(of)]?.joint as { parties: { id: string }[] } | undefined
    return asked?.parties.some((one) => one.id === party) ? words.party(of, party) : ''
  }
  const fieldOf = (fact: string): Field | undefined => own?.[fact] ?? knownFact(fact) ?? fields[fact]
  const votes = (fact: string): string =>
    fact.endsWith('Vote')
      ? (Object.keys(process?.steps ?? {})
          .map((step) => joint(step, fact.slice(0, -'Vote'.length)))
          .find(Boolean) ?? '')
      : ''
  const fact = (of: string): string => {
    const voter = votes(of)
    return voter ? t('vote', { party: voter }) : say(fieldOf(of)?.title) || of
  }
  const factValue = (of: string, value: unknown): string => {
    if (votes(of) && typeof value === 'string') return words.answer(value)
    if (!isFact(value)) return JSON.stringify(value)
    const known = (Array.isArray(value) ? value : [value]).map((one) => typeof one === 'string' && say(knownValue(of, one)))
    return known.length > 0 && known.every(Boolean) ? known.join(comma) : write(fieldOf(of), value, of)
  }
  /** As its own process calls it; of an order under this one whose process is not said, as any around it does. */
  const endOf = (end: string, within: Values): string => {
    const said = processes.get(String(within.process ?? ''))
    const around = within.child === undefined ? all : all.filter((one) => one !== process)
    return say(said?.ends[end]?.title) || around.map((one) => say(one.ends[end]?.title)).find(Boolean) || words.end(end)
  }
  const label = (of: string): string => (isName(of) ? t(`name.${of}`) : of)
  const lines = (values: Values): Line[] =>
    inTurn(Object.entries(values))
      .filter(([key, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0) && !repeats(key, values))
      .map(([key, value]) => ({ key, label: label(key), said: sayValue(key, value, values) }))

  /** One thing under a name that is of this kind. */
  const one = (kind: Kind, value: unknown, within: Values): Said => {
    if (typeof value === 'boolean') return value ? t('common:yes') : t('common:no')
    if (isValues(value)) {
      if (kind === 'facts') return Object.entries(value).map(([key, given]) => ({ key, label: fact(key), said: factValue(key, given) }))
      if (kind === 'steps')
        return Object.entries(value).map(([key, given]) => ({ key, label: task(key), said: inOne(given, plain, comma) }))
      if (kind === 'signatures')
        return Object.entries(value).map(([key, given]) => ({
          key,
          label: party(String(within.id ?? within.task ?? ''), key),
          said: isValues(given) ? lines(given) : plain(given),
        }))
      if (kind === 'actor') return actor(value)
      if (kind === 'undo') return [one('effect', value.effect, {}), value.order && plain(value.order)].filter(Boolean).join(' \u00b7 ')
      if (kind === 'stays') return [one('step', value.step, value), one('outcome', value.outcome, value)].join(' \u2192 ')
      return lines(value)
    }
    if (typeof value === 'number') return ofNumber(kind, value)
    return ofText(kind, String(value), within)
  }
  const actor = ({ kind, id: who, for: absent }: Values): string => {
    if (kind === 'clock' || kind === 'order') return t(`common:actor.${kind}`)
    if (kind !== 'person' && kind !== 'customer') return t('common:actor.system')
    return `${plain(who)}${absent === undefined ? '' : ` ${t('behalf', { name: plain(absent) })}`}`
  }
  const party = (of: string, value: string): string =>
    joint(of, value) || (has(parties, value) ? t(`order:party.${value}`) : (names[value]?.[lang] ?? words.party(of, value)))
  const ofNumber = (kind: Kind, value: number): string => {
    if (kind === 'instant') return clockTime(value, lang, true)
    if (kind === 'length' || kind === 'name') return duration(value, lang)
    if (kind === 'late') return lateness(value, lang)
    if (kind === 'percent') return `${value} %`
    if (kind === 'priority' && value >= 1 && value <= 4) return t(`common:priority.${value as 1 | 2 | 3 | 4}`)
    return String(value)
  }
  const ofText = (kind: Kind, value: string, within: Values): string => {
    const of = String(within.task ?? '')
    const other = processes.get(String(within.process ?? ''))
    switch (kind) {
      case 'answer':
        return words.answer(value)
      case 'calendar':
        return value.startsWith('C') ? t('order:clocks.calendars.C') : t('order:clocks.calendars.W', { version: splitLast(value, '@')[1] })
      case 'clock':
        return clock(value)
      case 'effect':
        return has(effects, value) ? say(effects[value]) : value
      case 'end':
        return endOf(value, within)
      case 'how':
        return has(how, value) ? t(`how.${value}`) : has(heard, value) ? t(`order:heard.${value}`) : value
      case 'ladder':
        return has(ladders, value) ? say(ladders[value].title) : value === 'take-ticket' ? t('taking') : value
      case 'mark':
        return has(marks, value) ? t(`order:clocks.marks.${value}`) : value
      case 'outcome':
        return say((other ?? process)?.steps[stepOf(String(within.step ?? of))]?.outcomes[value]?.title) || value
      case 'party':
        return party(of, value)
      case 'policy': {
        const [row, version] = splitLast(value, '@')
        return value.startsWith('promise') ? t('order:clocks.promise') : t('order:clocks.policyOf', { id: row, version })
      }
      case 'process':
        return processTitle(value)
      case 'region':
        return region(value)
      case 'role':
        return has(processes, value) ? processTitle(value) : role(value) === value ? processTitle(value) : role(value)
      case 'status':
        return has(statuses, value) ? t(`common:status.${value}`) : value
      case 'step':
        return stepOfAny(value, other)
      case 'task':
        return task(value)
      case 'name':
        // A child is kept under the task that it was started for.
        return names[value] || !process?.steps[stepOf(value)] ? plain(value) : task(value)
      default:
        return kind === 'order' ? (names[value]?.[lang] ?? value) : value
    }
  }
  const sayValue = (of: string, value: unknown, within: Values = {}): Said => {
    if (value === undefined || value === null || value === '') return t('absent')
    const kind = isName(of) ? kinds[of] : 'text'
    if (!Array.isArray(value)) return one(kind, value, within)
    if (value.length === 0) return t('absent')
    if (kind === 'rungs') return value.map(([pct, at]: [number, number]) => `${pct} % ${clockTime(at, lang)}`).join(comma)
    if (kind === 'undo' || kind === 'stays' || value.every((item) => !isValues(item)))
      return inOne(value, (item) => String(one(kind, item, within)), comma)
    return value.map((item, i) => ({ key: String(i), label: `${i + 1}.`, said: one(kind, item, within) }))
  }
  return { label, task, step: (of) => stepOfAny(of), clock, child, fact, factValue, value: sayValue, lines }
}

/** A task's id says its step, its key and which time it is. */
const repeats = (key: string, { task }: Values): boolean => task !== undefined && (key === 'step' || key === 'key' || key === 'n')

const inOne = (value: unknown, write: (one: unknown) => string, comma: string): string =>
  Array.isArray(value) ? value.map(write).join(comma) : write(value)

const isFact = (value: unknown): value is Fact =>
  ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every((one) => typeof one === 'string'))

/** The text before and after the last `by`; all of it and nothing where there is none. */
function splitLast(text: string, by: string): [string, string] {
  const i = text.lastIndexOf(by)
  return i < 0 ? [text, ''] : [text.slice(0, i), text.slice(i + 1)]
}
