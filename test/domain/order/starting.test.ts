/** Facts that only a supervisor may give at a start. */
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../domain/order/event.ts'
import type { Fact } from '../../../domain/order/spec.ts'
import { checkStarter } from '../../../domain/order/starting.ts'
import { specOf, specs } from '../../../domain/processes/index.ts'

const clerk: Actor = { kind: 'person', id: 'a', roles: ['kac-staff', 'hotline-agent', 'dispatcher'] }
const supervisors: Actor[] = ['supervisor', 'kac-director', 'vp-in-charge'].map((role) => ({ kind: 'person', id: 'b', roles: [role] }))

const reserved = specs.flatMap((spec) =>
  Object.entries<{ by?: string; type: string }>(spec.input).flatMap(([name, { by, type }]) =>
    by === 'supervisor' ? [[spec.id, name, type === 'boolean' ? true : 'red'] as const] : [],
  ),
)

it('there are such facts', () => {
  expect(reserved.map(([process, name]) => `${process}.${name}`)).toEqual(
    expect.arrayContaining(['complaint.openOn', 'service-activation.credit', 'data-service-activation.credit']),
  )
})

describe.each(reserved)('%s: %s', (process, name, value) => {
  const start = (actor: Actor, facts: Record<string, Fact>) => () => checkStarter(specOf(process), facts, actor)

  it('is refused to everybody else, with what to do', () => {
    for (const actor of [clerk, { kind: 'person', id: 'a' }, { kind: 'customer', id: 'c', roles: ['customer'] }] as const) {
      expect(start(actor, { [name]: value })).toThrow(expect.objectContaining({ code: 'NOT_ALLOWED', field: `input.${name}` }) as Error)
      expect(start(actor, {})).not.toThrow()
      expect(start(actor, { [name]: false })).not.toThrow()
    }
  })

  it('is a supervisor’s, and that of the order or schedule in which it was decided', () => {
    for (const actor of [...supervisors, { kind: 'order', id: 'o1' }, { kind: 'system', id: 'schedule' }] as const)
      expect(start(actor, { [name]: value })).not.toThrow()
  })
})
