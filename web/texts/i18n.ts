/** Texts in both languages. The chosen one alone is loaded; the other comes when somebody asks for it. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { speak } from '../http/client.ts'
import type { texts as english } from './en/index.ts'

export type Lang = 'en' | 'zh'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: typeof english
  }
}

const load = {
  en: () => import('./en/index.ts'),
  zh: () => import('./zh/index.ts'),
}

const KEY = 'paidan.lang'

/** What was chosen here before, else what the browser speaks. */
export function preferredLang(): Lang {
  const kept = localStorage.getItem(KEY)
  if (kept === 'en' || kept === 'zh') return kept
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export async function startTexts(lang: Lang): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: false,
    defaultNS: 'common',
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  await changeLang(lang)
}

export async function changeLang(lang: Lang): Promise<void> {
  const { texts } = await load[lang]()
  for (const [name, bundle] of Object.entries(texts)) i18next.addResourceBundle(lang, name, bundle)
  localStorage.setItem(KEY, lang)
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  speak(lang)
  await i18next.changeLanguage(lang)
}
