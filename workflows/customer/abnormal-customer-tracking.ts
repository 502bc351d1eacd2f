/** P-37: abnormal customers. */
import { abnormalCustomerTrackingSpec } from '../../domain/processes/abnormal-customer-tracking.ts'
import { process } from '../kit/process.ts'
import { openCases } from './cases.ts'

export const abnormalCustomerTracking = process(abnormalCustomerTrackingSpec, async (order) => {
  const { entry } = order.input
  if (entry !== 'case') {
    const { data } = await order.form('generate-abnormal')
    if (entry === 'run') return openCases(order, 'abnormal-customer-tracking', data)
  }
  if ((await order.step('confirm-abnormal')) === 'removed') return 'normal'
  let tracked = await order.step('track-abnormal')
  while (tracked === 'unclear') tracked = await order.step('track-abnormal')
  if (tracked === 'normal') return 'normal'
  await order.step('take-measure')
  return 'handled'
})
