/** Instants in words. Orders live in the zone of their desk. */
export const ZONE = 'Asia/Shanghai'

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>()

/** Making a format costs far more than using it, and a board uses hundreds a second. */
function once<T extends Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>(key: string, make: () => T): T {
  const known = made.get(key) as T | undefined
  if (known) return known
  const format = make()
  made.set(key, format)
  return format
}

const tag = (lang: string) => (lang === 'zh' ? 'zh-CN' : 'en-GB')

/** 2026-11-28 16:20, with seconds where asked. */
export function clockTime(iso: string | number, lang: string, seconds = false): string {
  const make = () =>
    new Intl.DateTimeFormat(tag(lang), {
      timeZone: ZONE,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      ...(seconds && { second: '2-digit' }),
      hourCycle: 'h23',
    })
  return once(`time ${lang} ${seconds}`, make).format(new Date(iso))
}

/** "3 小时前", "in 5 minutes". */
export function relative(iso: string | number, now: number, lang: string): string {
  const ms = new Date(iso).getTime() - now
  const [unit, size] = units.find(([, length]) => Math.abs(ms) >= length) ?? units[3]
  const make = () => new Intl.RelativeTimeFormat(tag(lang), { numeric: 'auto', style: lang === 'zh' ? 'long' : 'short' })
  return once(`relative ${lang}`, make).format(Math.trunc(ms / size), unit)
}

const amount = (unit: string, lang: string): Intl.NumberFormat =>
  once(
    `${unit} ${lang}`,
    () =>
      new Intl.NumberFormat(tag(lang), {
        style: 'unit',
        unit,
        unitDisplay: lang === 'zh' ? 'long' : 'short',
        maximumFractionDigits: 0,
      }),
  )

/** A length of time in its two largest units: "1 天 4 小时", "35 min". */
export function duration(ms: number, lang: string): string {
  let rest = Math.max(0, ms)
  const parts: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count === 0 || (unit === 'second' && parts.length > 0)) continue
    parts.push(amount(unit, lang).format(count))
    if (parts.length === 2) break
  }
  return parts.join(' ') || amount('second', lang).format(0)
}

/** How late something fired: below a second in milliseconds. */
export const lateness = (ms: number, lang: string): string => (ms < 1_000 ? amount('millisecond', lang).format(ms) : duration(ms, lang))

/** Fen as yuan. */
export const money = (fen: number, lang: string): string =>
  new Intl.NumberFormat(tag(lang), { style: 'currency', currency: 'CNY' }).format(fen / 100)
