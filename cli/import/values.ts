/** Sets of values as the mapping file writes them: a value, or a run of numbered ones, e.g. 'event_type 1-54'. */

/** Whether a value is in the list; a run takes whole numbers without leading zeros. */
export function isIn(list: readonly string[], value: string): boolean {
  return list.some((entry) => {
    const run = runOf(entry)
    if (!run) return entry === value
    if (!value.startsWith(run.name)) return false
    const number = value.slice(run.name.length)
    return /^(0|[1-9]\d{0,8})$/.test(number) && Number(number) >= run.from && Number(number) <= run.to
  })
}

/** What is wrong with an entry of such a list, or nothing. */
export function problemOf(entry: string): string | undefined {
  const run = runOf(entry)
  return run && run.from > run.to ? `"${entry}" runs backwards` : undefined
}

function runOf(entry: string): { name: string; from: number; to: number } | undefined {
  const [, name, from, to] = /^(.*?)(\d{1,9})-(\d{1,9})$/.exec(entry) ?? []
  return name === undefined ? undefined : { name, from: Number(from), to: Number(to) }
}
