/** P-03: technical solution and argumentation. */
import { solutionArgumentationSpec } from '../../domain/processes/solution-argumentation.ts'
import { type Order, process } from '../kit/process.ts'

type Solution = Order<typeof solutionArgumentationSpec>

export const solutionArgumentation = process(solutionArgumentationSpec, async (order) => {
  await order.step('study-needs')
  await check(order)
  if ((await order.step('decide-feasibility')) === 'infeasible') return 'infeasible'
  for (;;) {
    await order.step('draft-solution')
    await order.step('argue-solution')
    const argued = await order.step('decide-argued')
    if (argued === 'hopeless') return 'infeasible'
    if (argued === 'passed') break
  }
  await order.step('archive-solution')
  return 'approved'
})

/** Survey and investment analysis side by side where both are needed; the report waits for what was asked. */
async function check(order: Solution): Promise<void> {
  const checks = await order.step('decide-checks')
  if (checks === 'none') return
  await Promise.all([
    checks === 'investment' ? undefined : order.step('survey-resources'),
    checks === 'survey' ? undefined : order.step('analyse-investment'),
  ])
  await order.step('write-feasibility-report')
}
