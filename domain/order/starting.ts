/** What must be so of a start, whoever opens it: the door asks, and the order decides. */
import type { Actor } from './event.ts'
import { isSupervisor } from './permission.ts'
import { Refusal } from './refusal.ts'
import type { Fact, ProcessSpec } from './spec.ts'

/**
 * Some facts of a start are a supervisor's to give (P-09: the channel that a complaint opens on). What an order, a clock or a schedule
 * starts was decided where that was written.
 * @throws Refusal NOT_ALLOWED naming the field
 */
export function checkStarter({ input }: ProcessSpec, facts: Readonly<Record<string, Fact>>, actor: Actor): void {
  if (actor.kind !== 'person' && actor.kind !== 'customer') return
  if (isSupervisor(actor)) return
  // A box that is left empty gives nothing.
  for (const [name, { by, title }] of Object.entries(input))
    if (by === 'supervisor' && facts[name] !== undefined && facts[name] !== false)
      throw new Refusal('NOT_ALLOWED', {
        field: `input.${name}`,
        says: {
          zh: `「${title.zh}」须由主管填写：请留空，或请主管发起工单`,
          en: `"${title.en}" is a supervisor's to give: leave it out, or ask a supervisor to start the order`,
        },
      })
}
