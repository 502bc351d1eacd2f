/** Whether a body run against the journal comes to stand where the state says: what is open is what the process opens. */
import type { OrderState } from '../../domain/order/state.ts'
import { BodyHost } from './body-host.ts'
import type { Drain } from './machine.ts'
import type { Process } from './process.ts'

/** Nothing where they agree; else both sides, in words. An order that its process did not end (withdrawn, stopped) is not asked. */
export async function standsAsRecorded(process: Process, state: OrderState, drain: Drain): Promise<string | undefined> {
  const host = new BodyHost(process, state.id, () => {})
  if (state.status === 'open') return host.fastForward(state, drain)
  const { end = '' } = state
  const ofBody = state.status === 'closed' && Object.hasOwn(process.spec.ends, end) && end !== process.spec.raise?.end
  if (!ofBody) return undefined
  await host.fastForward(state, drain)
  if (host.failed !== undefined) return `the body failed: ${host.failed}`
  return host.ended === end ? undefined : `the body ends with ${host.ended ?? 'nothing'}, the record with ${end}`
}
