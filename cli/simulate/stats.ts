/** What a run has done, counted. */

const sorted = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))

/** The value below which a share of the values lies (nearest rank); 0 without values. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0
  const ascending = values.toSorted((a, b) => a - b)
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)]!
}

export class Stats {
  private readonly actions = new Map<string, number>()
  private readonly refusals = new Map<string, number>()
  private readonly retries = new Map<string, number>()
  private readonly latencies: Record<'read' | 'write', number[]> = { read: [], write: [] }
  private readonly ended = new Map<string, string>()
  private readonly touched = new Set<string>()
  private readonly stuckOrders = new Map<string, string>()
  private readonly started: number
  private readonly now: () => number
  private lately: number
  reported = 0

  /** @param now a clock in ms */
  constructor(now: () => number = performance.now.bind(performance)) {
    this.now = now
    this.started = now()
    this.lately = this.started
  }

  /** How long nobody has done anything, ms. */
  get idleMs(): number {
    return this.now() - this.lately
  }

  did(type: string, order: string): void {
    this.lately = this.now()
    bump(this.actions, type)
    this.touched.add(order)
  }

  refused(code: string): void {
    bump(this.refusals, code)
  }

  retried(why: string): void {
    bump(this.retries, why)
  }

  latency(kind: 'read' | 'write', ms: number): void {
    this.latencies[kind].push(ms)
  }

  /** @param as process and end state, e.g. `graded-fault closed` */
  end(order: string, as: string): void {
    this.ended.set(order, as)
  }

  stuck(order: string, why: string): void {
    this.stuckOrders.set(order, why)
  }

  get endedCount(): number {
    return this.ended.size
  }

  /** Processes of which an order has ended. */
  get endedProcesses(): ReadonlySet<string> {
    return new Set([...this.ended.values()].map((as) => as.split(' ')[0]!))
  }

  get stuckCount(): number {
    return this.stuckOrders.size
  }

  get orders(): readonly string[] {
    return [...this.touched]
  }

  get seconds(): number {
    return (this.now() - this.started) / 1_000
  }

  /** One line while it runs. */
  line(people: number): string {
    const actions = total(this.actions)
    const minutes = Math.floor(this.seconds / 60)
    const seconds = Math.floor(this.seconds % 60)
    return [
      `${minutes}:${String(seconds).padStart(2, '0')}`,
      `${people} people`,
      `${actions} actions (${(actions / Math.max(1, this.seconds)).toFixed(1)}/s)`,
      `${this.touched.size} orders touched, ${this.ended.size} ended`,
      `${total(this.refusals)} refusals`,
      `p50 ${Math.round(percentile(this.latencies.write.slice(-1_000), 0.5))} ms`,
    ].join('  ')
  }

  /** What is printed at the end. */
  summary(): string[] {
    const actions = total(this.actions)
    const rate = actions / Math.max(0.001, this.seconds)
    const ends = new Map<string, number>()
    for (const as of this.ended.values()) bump(ends, as)
    const times = (kind: 'read' | 'write') => {
      const values = this.latencies[kind]
      return `p50 ${percentile(values, 0.5).toFixed(0)} ms, p95 ${percentile(values, 0.95).toFixed(0)} ms (${values.length})`
    }
    return [
      `${actions} actions in ${this.seconds.toFixed(0)} s (${rate.toFixed(1)}/s) on ${this.touched.size} orders, ${this.reported} of them newly reported`,
      ...table('actions', sorted(this.actions)),
      ...table(`orders ended: ${this.ended.size}`, sorted(ends)),
      ...table(`refusals: ${total(this.refusals)}`, sorted(this.refusals)),
      ...table(`tried again: ${total(this.retries)}`, sorted(this.retries)),
      ...table('latency', [
        ['changes', times('write')],
        ['reads', times('read')],
      ]),
      ...table(`orders that nobody could go on with: ${this.stuckOrders.size}`, [...this.stuckOrders].slice(0, 10)),
    ]
  }
}

const table = (title: string, rows: readonly (readonly [string, string | number])[]): string[] =>
  rows.length === 0 ? [] : [title, ...rows.map(([name, value]) => `  ${name.padEnd(36)} ${value}`)]

const bump = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
const total = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, n) => sum + n, 0)
