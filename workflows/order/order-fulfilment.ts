/** P-01: business acceptance, whole route. */
import { orderFulfilmentSpec } from '../../domain/processes/order-fulfilment.ts'
import { type EndOf, type Order, process } from '../kit/process.ts'

type Fulfilment = Order<typeof orderFulfilmentSpec>
type End = EndOf<typeof orderFulfilmentSpec>

export const orderFulfilment = process(orderFulfilmentSpec, async (order) => {
  const request = await order.step('accept-request')
  if (request === 'consultation') {
    await order.step('record-consultation')
    return 'consultation-closed'
  }
  if (request === 'new-demand') return (await order.step('visit-customer')) === 'archived' ? 'archived-as-potential' : provide(order)
  for (;;) {
    if ((await order.step('divert-order')) === 'technical-preparation')
      return (await order.step('argue-solution')) === 'infeasible' ? 'archived-as-potential' : provide(order)
    if ((await order.step('forward-order')) === 'done') return confirm(order)
  }
})

/** From the contract to the service: nothing is built or switched on without a signature. */
async function provide(order: Fulfilment): Promise<End> {
  if ((await order.step('sign-contract')) === 'abandoned') return 'archived-as-potential'
  if ((await order.step('decide-construction')) === 'needed' && (await order.step('construct')) === 'terminated') return 'terminated'
  return (await order.step('activate')) === 'terminated' ? 'terminated' : confirm(order)
}

/** Until the customer says that it works; then the file is closed. */
async function confirm(order: Fulfilment): Promise<End> {
  while ((await order.step('notify-activation')) === 'not-confirmed')
    if ((await order.step('activate')) === 'terminated') return 'terminated'
  await order.step('archive-project')
  return 'completed'
}
