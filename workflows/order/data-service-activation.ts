/** P-07: activation of data services. */
import { dataServiceActivationSpec } from '../../domain/processes/data-service-activation.ts'
import { type Order, process } from '../kit/process.ts'
import { activate, again, pay } from './payment.ts'

type Activation = Order<typeof dataServiceActivationSpec>

export const dataServiceActivation = process(dataServiceActivationSpec, async (order) => {
  if (order.input.farEnd !== true) await prepare(order)
  await Promise.all([activate(order), farEnd(order)])
  await order.step('notify-departments')
  return 'activated'
})

/** The originating branch alone agrees the date, has the money and enters the data. */
async function prepare(order: Activation): Promise<void> {
  await order.step('circuit-tested')
  while ((await order.step('confirm-activation-date')) === 'postponed');
  await order.step('fill-confirmation')
  await order.step('hand-to-finance')
  if (!again(order)) await pay(order, () => order.step('recheck'))
  const { data } = await order.form('enter-customer-data')
  if (data.numbers !== undefined) order.undo('release-resources')
}

/**
 * A circuit across branches has two ends that are switched on together. The far branch gets its order only now, since the originating
 * branch leads: nothing is switched on anywhere before date, documents and payment are settled.
 */
async function farEnd(order: Activation): Promise<void> {
  const { farBranch, farEnd: isFarEnd } = order.input
  if (typeof farBranch !== 'string' || isFarEnd === true) return
  await order.child('data-service-activation', { key: 'far-end', input: { farEnd: true, unit: farBranch } })
}
