/** Names of what an order is made of, in the reader's language. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { choiceTitle } from '../../domain/choice-titles.ts'
import { roles } from '../../domain/roles.ts'
import { processesQuery, processQuery } from '../http/queries.ts'
import type { Fact, Field, Form, Names, ProcessDetail } from '../http/types.ts'
import { clockTime, money } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'

/** `repair-fault:nj.2` → `repair-fault`. */
export const stepOf = (task: string): string => task.split(/[:.]/)[0] ?? task

export const useProcess = (id: string): ProcessDetail | undefined => useQuery(processQuery(id)).data

/** Title of any process, by its id. */
export function useProcessTitles(): (id: string) => string {
  const { say } = useTitles()
  const list = useQuery(processesQuery).data?.items
  return (id) => say(list?.find((process) => process.id === id)?.title) || id
}

export function useRoleTitles(): (role: string) => string {
  const { say } = useTitles()
  return (role) => (Object.hasOwn(roles, role) ? say(roles[role as keyof typeof roles].title) : role)
}

export interface Words {
  step: (task: string) => string
  field: (name: string) => string
  outcome: (task: string, outcome: string) => string
  end: (end: string) => string
  clock: (clock: string) => string
  party: (task: string, party: string) => string
  answer: (answer: string) => string
}

interface Joint {
  parties: { id: string; title: { en: string; zh: string } }[]
}

export function useWords(process: ProcessDetail | undefined): Words {
  const { t } = useTranslation('order')
  const { say } = useTitles()
  const role = useRoleTitles()
  const fields = fieldsOf(process)
  const step = (task: string) => say(process?.steps[stepOf(task)]?.title) || stepOf(task)
  return {
    step,
    field: (name) => say(fields[name]?.title) || name,
    outcome: (task, outcome) => say(process?.steps[stepOf(task)]?.outcomes[outcome]?.title) || outcome,
    end: (end) => say(process?.ends[end]?.title) || (end === 'withdrawn' ? t('event.order-withdrawn') : end),
    clock: (clock) => {
      if (clock === 'promise') return t('clocks.promise')
      const [task, kind] = clock.split('/')
      if (kind === 'complete' || kind === 'accept' || kind === 'dispatch') return t(`clocks.${kind}`, { step: step(task!) })
      return say(process?.clocks?.[clock]?.title) || clock
    },
    party: (task, party) => {
      const joint = process?.steps[stepOf(task)]?.joint as Joint | undefined
      return say(joint?.parties.find(({ id }) => id === party)?.title) || role(party)
    },
    answer: (answer) => (answer in answers ? t(`answer.${answer as keyof typeof answers}`) : answer),
  }
}

const answers = { agree: 1, object: 1, accept: 1, reject: 1 }

/** Every field that a process knows: of the start and of all forms. */
export function fieldsOf(process: ProcessDetail | undefined): Form {
  const outcomes = Object.values(process?.steps ?? {}).flatMap((step) => Object.values(step.outcomes))
  return Object.assign({}, ...outcomes.map(({ form }) => form ?? {}), process?.input) as Form
}

/** A value as people write it. */
export function useValues(names: Names): (field: Field | undefined, value: Fact, factName?: string) => string {
  const { t } = useTranslation()
  const { say, name } = useTitles()
  const lang = useLang()
  return (field, value, factName = '') => {
    if (typeof value === 'boolean') return value ? t('yes') : t('no')
    if (field?.type === 'money' && typeof value === 'number') return money(value, lang)
    if (field?.type === 'instant' && typeof value === 'number') return clockTime(value, lang)
    if (Array.isArray(value)) return value.map((one) => name(names, one)).join(lang === 'zh' ? '\u3001' : ', ')
    if (field?.type === 'choice' && typeof value === 'string') return say(choiceTitle(factName, value)) || value
    if (factName === 'customerGrade' && typeof value === 'string' && value in grades) return t(`grade.${value as keyof typeof grades}`)
    return typeof value === 'string' ? name(names, value) : String(value)
  }
}

const grades = { group: 1, province: 1, 'local-a': 1, 'local-b': 1, 'local-c': 1 }
