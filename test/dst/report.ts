/** What many stories came to, for a terminal: per process what was done and what never was. */
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Covered } from './covered.ts'

const most = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([what, times]) => `${what} ${times}`)
    .join(', ')

export function report(
  { moves, orders, processes, commands, refused, faults }: Covered,
  specs: readonly ProcessSpec[],
  { seeds, ms, cpuMs }: { seeds: number; ms: number; cpuMs: number },
): string {
  const rows = specs.map((spec) => {
    const { opened = 0, moves: own = 0, ends = {}, outcomes = {} } = processes[spec.id] ?? {}
    const all = Object.entries(spec.steps).flatMap(([step, { outcomes: of }]) => Object.keys(of).map((outcome) => `${step}=${outcome}`))
    const missing = all.filter((name) => !outcomes[name])
    const seen = `${String(all.length - missing.length).padStart(3)}/${String(all.length).padEnd(3)}`
    const line = `${spec.no}  ${spec.id.padEnd(28)}${String(opened).padStart(8)}${String(own).padStart(9)}  ${seen} outcomes  ends: ${most(ends) || 'none'}`
    return missing.length > 0 ? `${line}\n      never: ${missing.join(', ')}` : line
  })
  return [
    `No.   process                        orders    moves`,
    ...rows,
    '',
    `commands  ${most(commands)}`,
    `refused   ${most(refused)}`,
    `faults    ${most(faults)}`,
    '',
    `${seeds} seeds, ${orders} orders, ${moves} moves; ${Math.round((moves / ms) * 60_000)} moves a minute, ${Math.round((moves / cpuMs) * 60_000)} a minute of processor time`,
    'every invariant held',
  ].join('\n')
}
