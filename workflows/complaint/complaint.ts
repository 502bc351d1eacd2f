/** P-09: key-account complaint with yellow and red channel. */
import { complaintSpec } from '../../domain/processes/complaint.ts'
import { type Order, process } from '../kit/process.ts'

type Complaint = Order<typeof complaintSpec>

export const complaint = process(complaintSpec, async (order) => {
  await order.step('receive-complaint')
  await order.step('record-classify')
  await opening(order)
  for (;;) {
    await order.step('reply-customer')
    if ((await order.step('decide-satisfied')) !== 'not-satisfied') break
    const above = await order.step('escalate-next')
    if (above === 'answer-is-final') break
    await channels[above](order)
  }
  await order.step('archive-needs')
  return 'closed'
})

/** A supervisor may open a complaint on yellow or red; otherwise the account manager tries first. */
function opening(order: Complaint): Promise<void> {
  if (order.input.openOn === 'red') return red(order)
  return order.input.openOn === 'yellow' ? yellow(order) : accountManager(order)
}

async function accountManager(order: Complaint): Promise<void> {
  const { outcome, data } = await order.form('self-resolve')
  if (outcome === 'cannot') await departments(order, Array.isArray(data.departments) ? data.departments : [])
}

/** All that were chosen answer, side by side; where nobody chose, the department is looked for. One that cannot is enough for yellow. */
async function departments(order: Complaint, chosen: readonly string[] = []): Promise<void> {
  const keys = chosen.length > 0 ? [...new Set(chosen)].map((key) => ({ key })) : [{}]
  const answers = await Promise.all(keys.map((key) => order.step('department-cooperate', key)))
  if (answers.includes('cannot')) return yellow(order)
  await order.step('department-feedback')
}

async function yellow(order: Complaint): Promise<void> {
  if ((await order.step('yellow-channel')) === 'cannot') await red(order)
}

async function red(order: Complaint): Promise<void> {
  await order.step('red-channel')
}

const channels = { 'to-departments': departments, 'to-yellow': yellow, 'to-red': red } as const
