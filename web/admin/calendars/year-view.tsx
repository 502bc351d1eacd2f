import { Group, Text } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toZone } from '../../parts/form/zone-time.ts'
import { duration } from '../../parts/time.ts'
import { useLang } from '../../texts/use-lang.ts'
import classes from './calendars.module.css'
import type { CalendarYear, Day } from './queries.ts'

const kinds = ['work', 'off', 'holiday', 'make-up'] as const
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
type Weekday = '1'

interface Props {
  year: CalendarYear
  /** Opens a day for changing; left out for those who may only look. */
  open?: ((day: Day) => void) | undefined
}

/** Twelve months: what each day is stands in its colour and in a sign. One tab stop, arrow keys from day to day. */
export function YearView({ year, open }: Props) {
  const { t } = useTranslation('calendars')
  const months = Array.from({ length: 12 }, (_, i) => {
    const prefix = `${year.year}-${String(i + 1).padStart(2, '0')}-`
    return { month: i + 1, days: year.days.filter(({ date }) => date.startsWith(prefix)) }
  })
  const today = toZone(Date.now()).slice(0, 10)
  const [at, setAt] = useState<string>()
  const focus = year.days.some(({ date }) => date === at) ? at : (year.days.find(({ date }) => date === today) ?? year.days[0])?.date
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = steps[event.key]
    const i = year.days.findIndex(({ date }) => date === (event.target as HTMLElement).dataset.date)
    const next = step === undefined || i < 0 ? undefined : year.days[i + step]
    if (!next) return
    event.preventDefault()
    setAt(next.date)
    event.currentTarget.querySelector<HTMLElement>(`[data-date="${next.date}"]`)?.focus()
  }
  return (
    <>
      <Legend />
      {open && (
        <Text size="xs" c="dimmed" mb="xs">
          {t('hint')}
        </Text>
      )}
      <div className={classes.months} onKeyDown={move}>
        {months.map(({ month, days }) => (
          <Month key={month} month={month} days={days} today={today} focus={focus} open={open} />
        ))}
      </div>
    </>
  )
}

function Legend() {
  const { t } = useTranslation('calendars')
  return (
    <Group gap="md" mb="xs">
      {kinds.map((kind) => (
        <Text key={kind} size="xs" component="span" style={{ display: 'inline-flex', alignItems: 'center' }}>
          <span className={classes.key} aria-hidden>
            <span className={classes.day} data-kind={kind} data-sign={kind === 'work' ? '' : t(`sign.${kind}`)}>
              1
            </span>
          </span>
          {t(`kind.${kind}`)}
        </Text>
      ))}
    </Group>
  )
}

interface MonthProps extends Pick<Props, 'open'> {
  month: number
  days: readonly Day[]
  today: string
  focus: string | undefined
}

function Month({ month, days, today, focus, open }: MonthProps) {
  const { t } = useTranslation(['calendars', 'organisation'])
  const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const
  // A week is a row from Monday on; what is before the first day stays empty.
  const before = (days[0]?.weekday ?? 1) - 1
  const cells: (Day | undefined)[] = [...Array.from({ length: before }, () => undefined), ...days]
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, i) => cells.slice(i * 7, i * 7 + 7))
  return (
    <table className={classes.month}>
      <caption>{t(`months.${String(month) as '1'}`)}</caption>
      <thead>
        <tr>
          {weekdays.map((weekday) => (
            <th key={weekday} scope="col" abbr={t(`organisation:weekdays.${weekday}`)}>
              {t(`initials.${weekday}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, i) => (
          <tr key={i}>
            {weekdays.map((weekday, k) => {
              const day = week[k]
              return <td key={weekday}>{day && <OneDay day={day} today={day.date === today} focus={day.date === focus} open={open} />}</td>
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function OneDay({ day, today, focus, open }: { day: Day; today: boolean; focus: boolean } & Pick<Props, 'open'>) {
  const { t } = useTranslation(['calendars', 'organisation'])
  const lang = useLang()
  const { date, kind } = day
  const label = t('day', {
    number: Number(date.slice(8)),
    date,
    weekday: t(`organisation:weekdays.${String(day.weekday) as Weekday}`),
    kind: t(`kind.${kind}`),
    hours: duration(day.work, lang),
  })
  const shown = {
    className: classes.day,
    'data-kind': kind,
    'data-sign': kind === 'work' ? '' : t(`sign.${kind}`),
    'data-date': date,
    'data-today': today || undefined,
    title: label,
  }
  const number = Number(date.slice(8))
  if (!open)
    return (
      <span {...shown} role="img" aria-label={label}>
        {number}
      </span>
    )
  return (
    <button
      type="button"
      {...shown}
      aria-label={label}
      aria-current={today ? 'date' : undefined}
      tabIndex={focus ? 0 : -1}
      onClick={() => open(day)}
    >
      {number}
    </button>
  )
}
