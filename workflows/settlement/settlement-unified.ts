/** P-57: unified settlement run. */
import { settlementUnifiedSpec } from '../../domain/processes/settlement-unified.ts'
import { type Order, process } from '../kit/process.ts'

export const settlementUnified = process(settlementUnifiedSpec, async (order) => {
  if ((await order.step('open-run')) === 'already-open') return 'refused'
  while ((await order.step('extract-users')) === 'incomplete');
  await order.step('choose-schemes')
  do if (!(await computed(order))) return 'stopped'
  while ((await order.step('review-bills')) === 'wrong')
  await order.step('close-run')
  return 'settled'
})

/** Users, then agents; an error is repaired and all is computed again, unless the run is stopped. */
async function computed(order: Order<typeof settlementUnifiedSpec>): Promise<boolean> {
  while ((await order.step('compute-user-bills')) === 'error' || (await order.step('compute-agent-bills')) === 'error')
    if ((await order.step('repair-run')) === 'stopped') return false
  return true
}
