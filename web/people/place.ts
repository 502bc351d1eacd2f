/** Where stretches of time stand on a day, and which of them must stand below another. */

export interface Stretch {
  from: string
  to: string | null
}

export interface Day {
  from: number
  to: number
}

/** Left edge and width in percent of the day; nothing where the stretch is on another day. */
export function across(day: Day, { from, to }: Stretch, least = 0): { left: number; width: number } | undefined {
  const begin = Math.max(day.from, Date.parse(from))
  const end = Math.min(day.to, Math.max(to === null ? day.to : Date.parse(to), Date.parse(from) + least))
  if (end <= day.from || begin >= day.to || end <= begin) return undefined
  const length = day.to - day.from
  return { left: ((begin - day.from) / length) * 100, width: ((end - begin) / length) * 100 }
}

/** Rows such that nothing covers another: each takes the first row that is free from its left edge on. */
export function stack<T extends { left: number; width: number }>(boxes: readonly T[]): (T & { row: number })[] {
  const ends: number[] = []
  return [...boxes]
    .sort((a, b) => a.left - b.left)
    .map((box) => {
      const free = ends.findIndex((end) => end <= box.left)
      const row = free < 0 ? ends.length : free
      ends[row] = box.left + box.width
      return { ...box, row }
    })
}
