/** Amending in flight: a supervisor changes what the customer wants; the order goes on anew from the step concerned. */
import type { Command } from './command.ts'
import type { Draft } from './event.ts'
import { checkForm } from './form.ts'
import { requireSupervisor, signature } from './permission.ts'
import { Refusal } from './refusal.ts'
import type { ProcessSpec } from './spec.ts'
import type { OrderState } from './state.ts'
import { wants } from './wants.ts'

/** @throws Refusal NOT_ALLOWED, REASON_REQUIRED, IRREVERSIBLE, NOT_AMENDABLE, FORM_INVALID */
export function amend(spec: ProcessSpec, state: OrderState, command: Extract<Command, { type: 'amend' }>): Draft[] {
  requireSupervisor(command.actor)
  if (command.reason.trim() === '') throw new Refusal('REASON_REQUIRED', { field: 'reason' })
  if (state.irreversible) throw new Refusal('IRREVERSIBLE')
  const { facts, reason } = command
  const targets = spec.amend ?? {}
  const names = Object.keys(facts)
  if (Object.keys(targets).length === 0)
    throw new Refusal('NOT_AMENDABLE', {
      field: 'facts',
      says: { zh: '该流程没有可在途修改的内容', en: 'nothing of this process can be changed in flight' },
    })
  for (const name of names)
    if (!Object.hasOwn(targets, name))
      throw new Refusal('NOT_AMENDABLE', { field: `facts.${name}`, says: wants.chooseFrom(Object.keys(targets)) })
  if (names.length === 0)
    throw new Refusal('FORM_INVALID', { field: 'facts', fault: 'REQUIRED', says: { zh: '请说明修改的内容', en: 'name what changes' } })
  checkForm(Object.fromEntries(names.map((name) => [name, spec.input[name]!])), facts, 'facts')
  const actor = signature(command.actor)
  const [from] = names
    .map((name) => ({ step: targets[name]!, kept: keptFor(state, targets[name]!) }))
    .filter((place): place is { step: string; kept: number } => place.kept !== undefined)
    .sort((a, b) => a.kept - b.kept)
  if (!from) return [{ type: 'order-amended', actor, data: { facts, reason } }]
  const cancelled = Object.keys(state.tasks)
    .sort()
    .map((task): Draft => ({ type: 'task-cancelled', actor, data: { task } }))
  return [{ type: 'order-amended', actor, data: { facts, reason, reopens: from.step, kept: from.kept } }, ...cancelled]
}

/** Entries of the journal that stand when the order goes on anew from a step; nothing where it has not come there yet. */
function keptFor({ journal, tasks }: OrderState, step: string): number | undefined {
  if (Object.values(tasks).some((task) => task.step === step)) return journal.length
  const last = journal.findLastIndex((entry) => 'step' in entry && entry.step === step)
  return last === -1 ? undefined : last
}
