/** Date pickers in the reader's language, weeks from Monday. They come with the pages that need them, not with the first. */
import '@mantine/dates/styles.css'
import 'dayjs/locale/zh-cn'
import {
  DateInput as MantineDateInput,
  type DateInputProps,
  DatesProvider,
  DateTimePicker as MantineDateTimePicker,
  type DateTimePickerProps,
} from '@mantine/dates'
import type { ReactNode } from 'react'
import { useLang } from '../texts/use-lang.ts'

function InLanguage({ children }: { children: ReactNode }) {
  return <DatesProvider settings={{ locale: useLang() === 'zh' ? 'zh-cn' : 'en', firstDayOfWeek: 1 }}>{children}</DatesProvider>
}

export const DateInput = (props: DateInputProps) => (
  <InLanguage>
    <MantineDateInput {...props} />
  </InLanguage>
)

export const DateTimePicker = (props: DateTimePickerProps) => (
  <InLanguage>
    <MantineDateTimePicker {...props} />
  </InLanguage>
)
