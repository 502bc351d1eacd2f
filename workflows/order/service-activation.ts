/** P-06: activation of other services. */
import { serviceActivationSpec } from '../../domain/processes/service-activation.ts'
import { process } from '../kit/process.ts'
import { activate, again, pay } from './payment.ts'

export const serviceActivation = process(serviceActivationSpec, async (order) => {
  await order.step('receive-activation-request')
  if ((await order.step('decide-contract')) === 'not-signed') {
    if ((await order.step('urge-contract')) === 'abandoned') return 'terminated'
  }
  if ((await order.step('decide-construction')) === 'yes') {
    if ((await order.step('run-construction')) === 'terminated') return 'terminated'
  }
  if (!again(order)) await pay(order, () => order.step('correct-documents'))
  const { data } = await order.form('enter-customer-data')
  if (data.numbers !== undefined) order.undo('release-resources')
  await activate(order)
  return 'activated'
})
