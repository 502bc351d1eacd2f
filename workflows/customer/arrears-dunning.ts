/** P-32: arrears and dunning. */
import { arrearsDunningSpec } from '../../domain/processes/arrears-dunning.ts'
import { type Order, process } from '../kit/process.ts'

type Dunning = Order<typeof arrearsDunningSpec>

export const arrearsDunning = process(arrearsDunningSpec, async (order) => {
  const charge = await order.step('check-account')
  const paid = (charge === 'charge' && (await order.step('send-charge-notice')) === 'paid') || (await dun(order))
  if (paid) await order.step('feed-back-payment')
  await order.step('adjust-credit')
  return 'closed'
})

/** True once paid; false when it is written off. */
async function dun(order: Dunning): Promise<boolean> {
  await order.step('warn-departments')
  await order.step('record-arrears')
  if ((await order.step('dun-by-machine')) === 'paid') return true
  const answer = await order.step('dun-by-person')
  if (answer === 'paid') return true
  if (answer === 'promise' && (await order.step('wait-promise')) === 'paid') return true
  return restrict(order)
}

/** No service of a key account is restricted without a person's decision. */
async function restrict(order: Dunning): Promise<boolean> {
  let decided = await order.step('decide-restriction')
  while (decided === 'extend') {
    if ((await order.step('wait-promise')) === 'paid') return true
    decided = await order.step('decide-restriction')
  }
  if (decided === 'restrict' && (await order.step('restrict-service')) === 'paid') {
    await order.step('restore-service')
    return true
  }
  return (await order.step('hand-to-legal')) === 'recovered'
}
