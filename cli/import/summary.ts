/** What an import says at its end. */
import { OutOfReach } from './start-all.ts'
import type { Prepared, Summary } from './import-faults.ts'
import { duration } from './progress.ts'

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`

/** @param seconds that the run took */
export function summaryLines(
  summary: Summary,
  { rejects, seconds, stopped }: { rejects: string; seconds: number; stopped: boolean },
): string[] {
  const { read, started, existing, rejected, left, sites, services } = summary
  const rate = started > 0 && seconds > 0 ? ` (${(started / seconds).toFixed(1)}/s)` : ''
  const lines = [
    `read ${read}, started ${started}, already there ${existing}, rejected ${rejected}${left > 0 ? `, left ${left}` : ''}, in ${duration(seconds)}${rate}`,
  ]
  if (sites + services > 0) lines.push(`created ${count(sites, 'site')} and ${count(services, 'service')}`)
  if (summary.rejects.length > 0)
    lines.push(`${count(summary.rejects.length, 'row')} with a reason in ${rejects}: correct them and run the same command again.`)
  if (summary.failure !== undefined) lines.push(`Ended early: ${failureText(summary.failure)}`)
  if (left > 0 && (stopped || summary.failure !== undefined)) lines.push('Run the same command again: it goes on with what is left.')
  else if (left > 0) lines.push('The limit is reached; run again for more.')
  return lines
}

function failureText(failure: unknown): string {
  if (failure instanceof OutOfReach) return `${failure.message}. Are the servers and a worker running (npm start)?`
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)
}

/** What a dry run says: how the faults spread over processes, products and grades, and the first of them. */
export function previewLines({ todo, summary }: Prepared, shown = 5): string[] {
  const tally = (of: (plan: Prepared['todo'][number]) => string) => {
    const counts = new Map<string, number>()
    for (const plan of todo) counts.set(of(plan), (counts.get(of(plan)) ?? 0) + 1)
    return [...counts]
      .sort((a, b) => b[1] - a[1])
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')
  }
  const lines = [`Nothing changed. ${count(todo.length, 'order')} would be started:`]
  if (todo.length > 0)
    lines.push(
      `  process         ${tally((plan) => plan.process)}`,
      `  product         ${tally((plan) => plan.place.service.product)}`,
      `  customer grade  ${tally((plan) => plan.grade)}`,
      `  county          ${tally((plan) => plan.place.site.region)}`,
      `  sites           ${new Set(todo.map((plan) => plan.place.site.id)).size}, services ${new Set(todo.map((plan) => plan.place.service.no)).size}`,
      'The first:',
      ...todo
        .slice(0, shown)
        .map((plan) => `  ${plan.fault.id}: ${plan.process}, ${plan.customer}, ${plan.place.service.no}, "${plan.title}"`),
    )
  for (const { file, line, reason } of summary.rejects.slice(0, shown)) lines.push(`Rejected: ${file} line ${line}: ${reason}`)
  if (summary.rejects.length > shown) lines.push(`… and ${summary.rejects.length - shown} more rows`)
  return lines
}
