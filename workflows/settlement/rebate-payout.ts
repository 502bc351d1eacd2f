/** P-62: rebate adjustment and payout, one order for each agent. */
import { rebatePayoutSpec } from '../../domain/processes/rebate-payout.ts'
import { type Order, process } from '../kit/process.ts'

type Payout = Order<typeof rebatePayoutSpec>

export const rebatePayout = process(rebatePayoutSpec, async (order) => {
  const { agents } = order.input
  return Array.isArray(agents) && agents.length > 0 ? payEach(order, agents as string[]) : pay(order)
})

/** None waits for another; the order ends when all have been paid. */
async function payEach(order: Payout, agents: readonly string[]): Promise<'paid'> {
  await Promise.all(
    [...new Set(agents)].map((agent) => order.child('rebate-payout', { key: agent, input: { agents: [], agent, agentUnit: agent } })),
  )
  return 'paid'
}

async function pay(order: Payout): Promise<'paid'> {
  do await adjust(order)
  while ((await order.step('agent-confirm')) === 'disputed' && (await order.step('settle-dispute')) === 'changed')
  while ((await paidOut(order)) === 'failed');
  return 'paid'
}

/** By hand, or by the bank: then it is the bank that says so. */
async function paidOut(order: Payout): Promise<'paid' | 'failed'> {
  const said = await order.step('pay-out')
  return said === 'sent' ? order.step('bank-answer') : said
}

/** Until what is proposed is approved, or nothing is proposed. */
async function adjust(order: Payout): Promise<void> {
  while ((await order.step('propose-adjustment')) === 'adjusted' && (await order.step('approve-adjustment')) === 'rejected');
}
