/** How well points tell who leaves from who stays. Pure. */
export interface Judged {
  points: number
  left: boolean
}

/**
 * Chance that somebody who left has more points than somebody who stayed; equal points count half (Mann and Whitney).
 * @returns NaN where one of the two is missing
 */
export function auc(judged: readonly Judged[]): number {
  const sorted = judged.toSorted((a, b) => a.points - b.points)
  let [wins, stayed, left] = [0, 0, 0]
  for (let i = 0; i < sorted.length; ) {
    let [tiedLeft, tiedStayed] = [0, 0]
    const { points } = sorted[i]!
    for (; sorted[i]?.points === points; i++) sorted[i]!.left ? tiedLeft++ : tiedStayed++
    wins += tiedLeft * (stayed + tiedStayed / 2)
    stayed += tiedStayed
    left += tiedLeft
  }
  return wins / (left * stayed)
}

export interface Precision {
  /** Of those with an alarm, how many left. */
  precision: number
  /** Of those who left, how many had an alarm. */
  recall: number
  alarmed: number
}

/** Precision and recall where an alarm is raised by `alarms`; 0 where there is nothing to divide by. */
export function precisionOf<J extends Judged>(judged: readonly J[], alarms: (one: J) => boolean): Precision {
  const alarmed = judged.filter(alarms)
  const caught = alarmed.filter(({ left }) => left).length
  const left = judged.filter((one) => one.left).length
  return { precision: alarmed.length ? caught / alarmed.length : 0, recall: left ? caught / left : 0, alarmed: alarmed.length }
}

/**
 * The cut-off with the best F score. β above 1 minds a missed customer more than a needless alarm, below 1 the other way round.
 * Of equally good ones the higher.
 */
export function bestCutoff(judged: readonly Judged[], beta: number): number {
  const sorted = judged.toSorted((a, b) => b.points - a.points)
  const all = sorted.filter(({ left }) => left).length
  let [best, cutoff, caught] = [-1, Number.MAX_SAFE_INTEGER, 0]
  sorted.forEach(({ points, left }, i) => {
    if (left) caught++
    // A cut-off takes all with its points or none.
    if (sorted[i + 1]?.points === points) return
    const f = ((1 + beta * beta) * caught) / (beta * beta * all + i + 1)
    if (f > best) [best, cutoff] = [f, points]
  })
  return cutoff
}
