/** P-63: supplementary payment and claw-back, one order for each agent. */
import { commissionCorrectionSpec } from '../../domain/processes/commission-correction.ts'
import { type Order, process } from '../kit/process.ts'

type Correction = Order<typeof commissionCorrectionSpec>
type End = 'corrected' | 'refused'

export const commissionCorrection = process(commissionCorrectionSpec, async (order) => {
  const { agents } = order.input
  return Array.isArray(agents) && agents.length > 0 ? correctEach(order, agents as string[]) : correct(order)
})

/** The differences of a re-settlement, in fen with their sign: one child for each agent. */
async function correctEach(order: Correction, agents: readonly string[]): Promise<End> {
  const { amounts } = order.input
  const ends = await Promise.all(
    agents.map((agent, i) => {
      const fen = Number(Array.isArray(amounts) ? amounts[i] : 0)
      const input = { agents: [], agent, agentUnit: agent, amount: Math.abs(fen), direction: fen < 0 ? 'claw-back' : 'supplement' }
      return order.child('commission-correction', { key: agent, input })
    }),
  )
  return ends.includes('corrected') ? 'corrected' : 'refused'
}

async function correct(order: Correction): Promise<End> {
  await order.step('request-correction')
  do {
    const approved = await order.step('approve-correction')
    if (approved === 'rejected') return 'refused'
    if (approved === 'pay') {
      while ((await order.step('pay-supplement')) === 'sent' && (await order.step('bank-answer')) === 'failed');
      return 'corrected'
    }
  } while ((await order.step('notify-agent')) === 'disputed')
  if ((await order.step('collect-back')) === 'unpaid') await order.step('deduct-later')
  return 'corrected'
}
