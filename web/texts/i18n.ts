/** Texts in both languages. The chosen one alone is loaded; the other comes when somebody asks for it, and so do those of rare rooms. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { speak } from '../http/client.ts'
import type { texts as english } from './en/index.ts'
import type { rooms as englishRooms } from './en/rooms.ts'

export type Lang = 'en' | 'zh'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: typeof english & typeof englishRooms
  }
}

const load = {
  en: () => import('./en/index.ts'),
  zh: () => import('./zh/index.ts'),
}

const loadRooms = {
  en: () => import('./en/rooms.ts'),
  zh: () => import('./zh/rooms.ts'),
}

let inRooms = false

function add(lang: Lang, bundles: Readonly<Record<string, object>>): void {
  for (const [name, bundle] of Object.entries(bundles)) i18next.addResourceBundle(lang, name, bundle)
}

/** The texts of the rooms beside the desk, in the language of now; from then on they follow it. */
export async function startRooms(): Promise<void> {
  inRooms = true
  const lang = i18next.language === 'en' ? 'en' : 'zh'
  add(lang, (await loadRooms[lang]()).rooms)
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
  const [{ texts }, more] = await Promise.all([load[lang](), inRooms ? loadRooms[lang]() : undefined])
  add(lang, texts)
  if (more) add(lang, more.rooms)
  localStorage.setItem(KEY, lang)
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  speak(lang)
  await i18next.changeLanguage(lang)
}
