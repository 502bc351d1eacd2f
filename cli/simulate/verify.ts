/** Looks at what a run leaves behind: every history unbroken, every open order with something that takes it on, no resource held for nothing. */
import type { Verdict } from '../../workflows/kit/verdict.ts'
import type { Session } from './api.ts'
import type { OrderPage, OrderView } from './view.ts'
import { openTasks } from './view.ts'

export interface Findings {
  /** Histories that were looked at, and their events. */
  histories: number
  events: number
  /** Open orders that were looked at. */
  open: number
  /** Resources that an order holds which has ended and does not need them. */
  stray: number
  problems: { order: string; what: string }[]
}

interface ResourcePage {
  items: readonly { no: string; state: string; hold: { order: { id: string } | null } | null }[]
  page: { next: string | null }
}

const AT_A_TIME = 8

/**
 * @param touched orders whose histories are verified
 * @param auditor sees every order and its history
 */
export async function verifyAll(
  auditor: Session,
  touched: readonly string[],
  onProgress: (text: string) => void = () => {},
): Promise<Findings> {
  const findings: Findings = { histories: 0, events: 0, open: 0, stray: 0, problems: [] }
  await inLanes(touched, async (order) => {
    const answer = await auditor.get<Verdict>(`/orders/${order}/verification`)
    findings.histories++
    if (!answer.ok) findings.problems.push({ order, what: `its history can't be read: ${answer.code}` })
    else {
      findings.events += answer.body.events
      const what = flaw(answer.body)
      if (what) findings.problems.push({ order, what })
    }
    if (findings.histories % 100 === 0) onProgress(`${findings.histories}/${touched.length} histories`)
  })
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = new URLSearchParams({ status: 'open,withdrawing', limit: '200', ...(cursor && { cursor }) }).toString()
    const answer = await auditor.get<OrderPage>(`/orders?${query}`)
    if (!answer.ok) throw new Error(`the list of open orders can't be read: ${answer.code} ${answer.detail ?? ''}`)
    findings.open += answer.body.items.length
    // A task is a way on; only orders without one need a closer look.
    await inLanes(
      answer.body.items.filter(({ tasks }) => tasks.length === 0),
      async ({ id }) => {
        const found = await auditor.get<OrderView>(`/orders/${id}`)
        if (found.ok && found.body.status !== 'closed' && !hasWayOn(found.body))
          findings.problems.push({ order: id, what: 'is open without a task, a timer or a child' })
      },
    )
    cursor = answer.body.page.next
    onProgress(`${findings.open} open orders`)
  }
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = new URLSearchParams({ stray: 'true', limit: '200', ...(cursor && { cursor }) }).toString()
    const answer = await auditor.get<ResourcePage>(`/resources?${query}`)
    if (!answer.ok) throw new Error(`the list of resources can't be read: ${answer.code} ${answer.detail ?? ''}`)
    findings.stray += answer.body.items.length
    for (const { no, state, hold } of answer.body.items)
      findings.problems.push({ order: hold?.order?.id ?? '-', what: `has ended, and ${no} is still ${state}` })
    cursor = answer.body.page.next
  }
  return findings
}

/** What is wrong with a history, or nothing. */
export function flaw({ ok, chain, rows, body }: Verdict): string | undefined {
  if (chain) return `its chain is broken at event ${chain.of}`
  if (rows) return `${rows.table} ${rows.of} ${rows.field} is not what its events tell`
  return ok ? undefined : (body ?? 'its history does not verify')
}

/** Something will happen to the order: somebody has a task, a clock runs, a child is at work. */
export function hasWayOn(order: OrderView): boolean {
  return (
    openTasks(order).length > 0 ||
    order.clocks.some(({ stoppedAt, pausedAt }) => stoppedAt === null && pausedAt === null) ||
    order.children.some(({ status }) => status !== 'closed')
  )
}

async function inLanes<T>(list: readonly T[], look: (item: T) => Promise<void>): Promise<void> {
  const rest = list.values()
  const lane = async () => {
    for (const item of rest) await look(item)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, lane))
}
