/** P-35: maintenance of mid and high-end customers. */
import { customerMaintenanceSpec } from '../../domain/processes/customer-maintenance.ts'
import { process } from '../kit/process.ts'
import { openCases } from './cases.ts'

export const customerMaintenance = process(customerMaintenanceSpec, async (order) => {
  const { entry } = order.input
  if (entry !== 'case') {
    const found = await order.form('detect-fluctuation')
    if (found.outcome === 'none') return 'no-action'
    if (entry === 'run') return openCases(order, 'customer-maintenance', found.data)
  }
  let contact = await order.step('contact-customer')
  while (contact === 'not-reachable') contact = await order.step('contact-customer')
  if (contact === 'no-problem') return 'no-action'
  do {
    if ((await order.step('propose-solution')) === 'declined') return (await order.step('start-retention')) === 'kept' ? 'settled' : 'lost'
  } while ((await order.step('follow-up')) === 'again')
  return 'settled'
})
