import 'dayjs/locale/zh-cn'
import { DatesProvider } from '@mantine/dates'
import type { ReactNode } from 'react'
import { useLang } from '../texts/use-lang.ts'

/** Calendars in the reader's language; weeks begin on Monday. */
export function Dates({ children }: { children: ReactNode }) {
  return <DatesProvider settings={{ locale: useLang() === 'zh' ? 'zh-cn' : 'en', firstDayOfWeek: 1 }}>{children}</DatesProvider>
}
