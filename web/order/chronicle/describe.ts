/** A fact of the history as a sentence. */
import { useTranslation } from 'react-i18next'
import { effects } from '../../../domain/processes/effects.ts'
import type { Event, Names } from '../../http/types.ts'
import { clockTime, duration } from '../../parts/time.ts'
import type { order as texts } from '../../texts/en/order.ts'
import { useLang, useTitles } from '../../texts/use-lang.ts'
import { useProcessTitles, useRoleTitles, type Words } from '../words.ts'

type Known = keyof (typeof texts)['event']

export interface Described {
  text: string
  /** What somebody wrote. */
  words?: string
}

const parties = { customer: 1, vendor: 1, own: 1, 'third-party': 1 }
/** What is told from outside. */
const kinds = { payment: 1, payout: 1, 'customer-transferred': 1 }
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

export function useDescriptions(words: Words, names: Names): (event: Event) => Described {
  const { t } = useTranslation(['order', 'common'])
  const { say, name } = useTitles()
  const lang = useLang()
  const process = useProcessTitles()
  const role = useRoleTitles()
  const effect = (id: string) => (Object.hasOwn(effects, id) ? say(effects[id as keyof typeof effects]) : id)
  const heard = (kind: string) => (Object.hasOwn(kinds, kind) ? t(`heard.${kind as keyof typeof kinds}`) : kind)
  const values = ({ type, data }: Event): Record<string, string> => {
    const task = text(data.task)
    const party = text(data.party)
    return {
      no: text(data.no),
      step: task && words.step(task),
      who: [name(names, text(data.person)), name(names, text(data.unit))].filter(Boolean).join(' · '),
      queue: role(text(data.queue)),
      to: Array.isArray(data.to) ? data.to.map((one) => role(String(one))).join(' / ') : text(data.to),
      outcome: task && words.outcome(task, text(data.outcome)),
      party: party in parties ? t(`party.${party as keyof typeof parties}`) : party && words.party(task, party),
      answer: words.answer(text(data.answer)),
      clock: data.clock ? words.clock(text(data.clock)) : '',
      due: data.due ? clockTime(Number(data.due), lang) : '',
      by: data.by ? duration(Number(data.by), lang) : '',
      pct: text(data.pct),
      priority: data.priority ? t(`common:priority.${text(data.priority) as '1'}`) : '',
      times: text(data.times),
      process: process(type === 'order-raised' ? text(data.to) : text(data.process)),
      end: words.end(text(data.end)),
      kind: heard(text(data.kind)),
      facts: Object.keys((data.facts as object | undefined) ?? {})
        .map(words.field)
        .join(lang === 'zh' ? '、' : ', '),
      effect: effect(text(data.effect)),
      code: text(data.code),
    }
  }
  const keyOf = ({ type, data }: Event): Known => {
    if (type === 'task-offered' && data.held) return 'task-held'
    if (type === 'comment-added' && data.told) return 'comment-told'
    if (type === 'limit-extended' && data.task) return 'extension-granted'
    return type as Known
  }
  return (event) => {
    const { data } = event
    const written = text(data.text) || text(data.reason) || text(data.note) || text(data.opinion) || text(data.message)
    return { text: String(t(`event.${keyOf(event)}`, values(event) as never)), ...(written && { words: written }) }
  }
}
