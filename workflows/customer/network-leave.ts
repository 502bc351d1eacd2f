/** P-33: leaving the network. */
import { networkLeaveSpec } from '../../domain/processes/network-leave.ts'
import { process } from '../kit/process.ts'

export const networkLeave = process(networkLeaveSpec, async (order) => {
  await order.step('register-leave')
  await order.step('find-reason')
  if ((await order.step('try-retention')) === 'kept') return 'kept'
  if ((await order.step('settle-arrears')) === 'unpaid') await order.step('start-dunning')
  while ((await order.step('formal-cancel')) === 'failed');
  await order.step('release-resources')
  await order.step('deregister-customer')
  await order.step('record-churn-reason')
  return 'left'
})
