import { useTranslation } from 'react-i18next'
import type { Names, Title } from '../http/types.ts'
import type { Lang } from './i18n.ts'

export const useLang = (): Lang => (useTranslation().i18n.language === 'en' ? 'en' : 'zh')

/** A title of the API in the reader's language; a name of `names` by its id. */
export function useTitles(): {
  say: (title: Title | null | undefined) => string
  name: (names: Names, id: string | null | undefined) => string
} {
  const lang = useLang()
  return {
    say: (title) => title?.[lang] ?? '',
    name: (names, id) => (id ? (names[id]?.[lang] ?? id) : ''),
  }
}

const marks = {
  zh: { colon: '：', open: '（', close: '）', comma: '、' },
  en: { colon: ': ', open: ' (', close: ')', comma: ', ' },
} as const

/** Puts texts together with the punctuation of the reader's language. */
export function useJoin(): {
  /** A name and what it is. */
  pair: (name: string, value: string) => string
  /** A text, and another in brackets. */
  aside: (text: string, inBrackets: string | number) => string
  list: (texts: readonly (string | number)[]) => string
} {
  const { colon, open, close, comma } = marks[useLang()]
  return {
    pair: (name, value) => `${name}${colon}${value}`,
    aside: (text, inBrackets) => `${text}${open}${inBrackets}${close}`,
    list: (texts) => texts.join(comma),
  }
}
