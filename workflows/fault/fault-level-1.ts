/** P-12: level-1 fault. */
import { faultLevel1Spec } from '../../domain/processes/fault-level-1.ts'
import { process } from '../kit/process.ts'
import { compensate } from './compensation.ts'
import { technicalTicket } from './technical-ticket.ts'

export const faultLevel1 = process(faultLevel1Spec, async (order) => {
  if ((await order.step('report-fault')) === 'not-level-1') return 'regraded'
  const application = await order.form('issue-fault-application')
  const ticket = technicalTicket(order, application.data)
  await order.step('start-standby-and-plan')
  while ((await order.step('implement-solution')) === 'not-fixed');
  await ticket
  await compensate(order)
  await order.step('after-care')
  return 'closed'
})
