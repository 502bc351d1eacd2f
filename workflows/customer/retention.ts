/** P-34: retention of customers about to leave. */
import { retentionSpec } from '../../domain/processes/retention.ts'
import { type Order, process } from '../kit/process.ts'
import { openCases } from './cases.ts'

type Retention = Order<typeof retentionSpec>

export const retention = process(retentionSpec, async (order) => {
  const { entry, campaign } = order.input
  if (entry === 'run')
    return openCases(order, 'retention', (await order.form('detect-pre-churn')).data, campaign === undefined ? {} : { campaign })
  if (entry === undefined) await order.step('detect-pre-churn')
  if (entry === 'query' && (await order.step('query-by-hand')) === 'no-alarm') return 'no-action'
  if ((await order.step('raise-alarm')) === 'false-alarm') return reason(order)
  do await choose(order)
  while ((await carriedOut(order)) === 'modify')
  await order.step('close-scheme')
  return (await order.step('evaluate')) === 'kept' ? 'kept' : reason(order)
})

/** From the library, or a new scheme that is approved. */
async function choose(order: Retention): Promise<void> {
  while ((await order.step('choose-scheme')) === 'new-scheme' && (await order.step('approve-scheme')) === 'rejected');
}

async function carriedOut(order: Retention): Promise<'modify' | 'kept' | 'lost'> {
  for (;;) {
    await order.step('carry-out')
    const tracked = await order.step('track-scheme')
    if (tracked !== 'again') return tracked
  }
}

const reason = async (order: Retention) => ((await order.step('record-reason')) === 'false-alarm' ? 'no-action' : 'lost')
