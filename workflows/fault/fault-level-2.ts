/** P-13: level-2 fault. */
import { faultLevel2Spec } from '../../domain/processes/fault-level-2.ts'
import { process } from '../kit/process.ts'
import { compensate } from './compensation.ts'
import { technicalTicket } from './technical-ticket.ts'

export const faultLevel2 = process(faultLevel2Spec, async (order) => {
  if ((await order.step('report-fault')) === 'is-level-1') return 'regraded'
  const application = await order.form('issue-fault-application')
  const ticket = technicalTicket(order, application.data)
  do await order.step('make-solution')
  while ((await order.step('implement-solution')) === 'not-fixed')
  await ticket
  await compensate(order)
  await order.step('after-care')
  return 'closed'
})
