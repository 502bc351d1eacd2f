/** What the gate says of many orders: by process and step, with examples. */
import type { Fit, Judgement } from './gate.ts'

export interface ReportRow {
  process: string
  fit: Exclude<Fit, 'stands'>
  step: string
  orders: number
  /** Of one of them, in words. */
  why: string
  examples: string[]
}

const EXAMPLES = 5
/** What keeps a deploy back comes first. */
const ORDER: readonly Fit[] = ['refused', 'moved', 'stays', 'goes-on']

export class GateReport {
  orders = 0
  readonly byFit: Record<Fit, number> = { stands: 0, moved: 0, refused: 0, 'goes-on': 0, stays: 0 }
  readonly processes = new Map<string, number>()
  /** Orders that stand or would go on, for whoever goes on with them. */
  readonly passed: string[] = []
  private readonly rows = new Map<string, ReportRow>()

  add(order: string, process: string, { fit, step = '', why = '' }: Judgement): void {
    this.orders++
    this.byFit[fit]++
    this.processes.set(process, (this.processes.get(process) ?? 0) + 1)
    if (fit === 'stands' || fit === 'goes-on') this.passed.push(order)
    if (fit === 'stands') return
    const key = JSON.stringify([process, fit, step])
    const row = this.rows.get(key) ?? { process, fit, step, orders: 0, why: `${order}: ${why}`, examples: [] }
    row.orders++
    if (row.examples.length < EXAMPLES) row.examples.push(order)
    this.rows.set(key, row)
  }

  /** Refused first, then most orders first. */
  table(): ReportRow[] {
    return [...this.rows.values()].sort((a, b) => ORDER.indexOf(a.fit) - ORDER.indexOf(b.fit) || b.orders - a.orders)
  }
}
