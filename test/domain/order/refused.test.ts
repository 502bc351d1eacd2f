import { describe, expect, it } from 'vitest'
import { allowed, refused } from '../../../domain/order/allowed.ts'
import { commandTypes } from '../../../domain/order/command.ts'
import { specs } from '../../../domain/processes/index.ts'
import { blank, evolve } from '../../../domain/order/evolve.ts'
import type { Actor, EventBody } from '../../../domain/order/event.ts'
import type { ProcessSpec } from '../../../domain/order/spec.ts'
import type { OrderState } from '../../../domain/order/state.ts'

const NOW = Date.parse('2026-01-05T09:00:00+08:00')
const engineer: Actor = { kind: 'person', id: 'eng', roles: ['maintenance-dept'], units: ['u1'] }
const supervisor: Actor = { kind: 'person', id: 'sup', roles: ['supervisor'], units: ['u1'] }

function after(spec: ProcessSpec, ...events: EventBody[]): OrderState {
  const opened: EventBody = {
    type: 'order-opened',
    data: { process: spec.id, customer: 'c', title: 't', region: '/cn', facts: {}, priority: 3 },
  }
  return [opened, ...events].reduce(
    (state, body, i) => evolve(state, { ...body, seq: i + 1, at: NOW, actor: { kind: 'system', id: 'system' } }, `h${i}`),
    blank('o'),
  )
}

const openAt = (step: string): EventBody => ({ type: 'task-opened', data: { task: `${step}.1`, step, n: 1 } })

describe('what is refused, and what is allowed', () => {
  it.each(specs.flatMap((spec) => Object.keys(spec.steps).map((step) => [spec.id, step, spec as ProcessSpec] as const)))(
    'of %s at %s are never the same command, and together all that there are',
    (_, step, spec) => {
      for (const actor of [engineer, supervisor]) {
        const state = after(spec, openAt(step), { type: 'task-offered', data: { task: `${step}.1`, person: 'eng' } })
        const name = ({ command, task = '' }: { command: string; task?: string }) => `${command} ${task}`
        const may = allowed(spec, state, actor, NOW).map(name)
        const not = refused(spec, state, actor, NOW).map(name)
        expect(not.filter((one) => may.includes(one))).toEqual([])
        const seen = new Set([...may, ...not].map((one) => one.split(' ')[0]))
        const unasked = new Set(['sign', 'remove-signer', 'extend', 'ask-extension'])
        expect(commandTypes.filter((type) => !seen.has(type) && !unasked.has(type))).toEqual([])
      }
    },
  )

  it('says why, with the code of the closed list', () => {
    const [spec] = specs.filter(({ id }) => id === 'graded-fault') as ProcessSpec[]
    const state = after(spec!, openAt('repair-fault'), { type: 'task-offered', data: { task: 'repair-fault.1', person: 'eng' } })
    const why = Object.fromEntries(refused(spec!, state, engineer, NOW).map(({ command, why: { code } }) => [command, code]))
    expect(why).toMatchObject({ complete: 'NOT_ACCEPTED', dispatch: 'NOT_ALLOWED', withdraw: 'NOT_ALLOWED', resume: 'NOT_SUSPENDED' })
    expect(why).not.toHaveProperty('accept')
  })
})
