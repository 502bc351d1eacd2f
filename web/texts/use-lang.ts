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
