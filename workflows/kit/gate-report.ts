/** What the gate says of many orders: by process and step, with examples. */
import type { Judgement } from './gate.ts'

export interface ReportRow {
  process: string
  fit: 'moved' | 'refused'
  step: string
  orders: number
  /** Of one of them, in words. */
  why: string
  examples: string[]
}

const EXAMPLES = 5

export class GateReport {
  orders = 0
  readonly byFit = { stands: 0, moved: 0, refused: 0 }
  readonly processes = new Map<string, number>()
  /** Orders that stand, for whoever goes on with them. */
  readonly passed: string[] = []
  private readonly rows = new Map<string, ReportRow>()

  add(order: string, process: string, { fit, step = '', why = '' }: Judgement): void {
    this.orders++
    this.byFit[fit]++
    this.processes.set(process, (this.processes.get(process) ?? 0) + 1)
    if (fit === 'stands') {
      this.passed.push(order)
      return
    }
    const key = JSON.stringify([process, fit, step])
    const row = this.rows.get(key) ?? { process, fit, step, orders: 0, why: `${order}: ${why}`, examples: [] }
    row.orders++
    if (row.examples.length < EXAMPLES) row.examples.push(order)
    this.rows.set(key, row)
  }

  /** Refused first, then most orders first. */
  table(): ReportRow[] {
    return [...this.rows.values()].sort((a, b) => (a.fit === b.fit ? b.orders - a.orders : a.fit === 'refused' ? -1 : 1))
  }
}
