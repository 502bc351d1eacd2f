/** What a run comes to, for people. */
import type { Finding } from './reconcile.ts'
import type { Times } from './recovery.ts'

export interface Report {
  seed: number
  /** The run was ended before its time. */
  interrupted: boolean
  seconds: number
  /** Acknowledged, and refused, to the people. */
  acknowledged: number
  refused: number
  /** By kind. */
  kills: Record<string, number>
  troubles: Record<string, number>
  /** What could not be done on this machine. */
  leftOut: string[]
  recovery: Record<string, Times>
  orders: number
  events: number
  rungs: number
  /** Seconds after the last trouble until record and engine agreed. */
  quietAfter: number
  findings: Finding[]
}

const s = (ms: number) => (Number.isNaN(ms) || ms === null ? '-' : (ms / 1_000).toFixed(1))
const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, n) => sum + n, 0)
const listed = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([kind, n]) => `${kind} ${n}`)
    .join(', ')

export function summary(report: Report): string[] {
  const of = (...kinds: Finding['kind'][]) => report.findings.filter(({ kind }) => kinds.includes(kind)).length
  const { acknowledged, refused, seconds, orders, events, rungs, leftOut, findings } = report
  return [
    '',
    `${acknowledged} moves acknowledged and ${refused} refused in ${seconds.toFixed(0)} s, seed ${report.seed}${report.interrupted ? '; ended before its time' : ''}`,
    `${total(report.kills)} kills: ${listed(report.kills)}`,
    `${total(report.troubles)} other troubles: ${listed(report.troubles)}${leftOut.length > 0 ? `; left out on this machine: ${leftOut.join(', ')}` : ''}`,
    `${of('lost')} lost, ${of('doubled', 'refused-but-done')} doubled, ${of('orphan')} orphans, ${of('apart', 'late')} others apart`,
    `${orders} orders with ${events} events: ${of('chain')} do not verify; ${rungs} rungs, ${of('rung')} more than once`,
    `record and engine agreed ${report.quietAfter.toFixed(1)} s after the last trouble`,
    'seconds after a kill (min / median / max):',
    `  ${'killed'.padEnd(12)} ${'n'.padStart(4)}  ${'up again'.padEnd(20)} ${'next answer'.padEnd(20)} all who waited`,
    ...Object.entries(report.recovery).map(([kind, { up, served, caught }]) => {
      const three = (x: Times['up']) => `${s(x.min)} / ${s(x.median)} / ${s(x.max)}`.padEnd(20)
      return `  ${kind.padEnd(12)} ${String(up.n).padStart(4)}  ${three(up)} ${three(served)} ${three(caught)}`
    }),
    ...findings.slice(0, 30).map(({ kind, of: about, what }) => `  ${kind}: ${about} ${what}`),
    ...(findings.length > 30 ? [`  … and ${findings.length - 30} more`] : []),
  ]
}
