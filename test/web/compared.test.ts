import { describe, expect, it } from 'vitest'
import { compared } from '../../web/audit/compared.ts'

const task = { id: 'repair.1', step: 'repair', n: 1, status: 'offered', openedAt: 1, person: 'st-001' }
const clock = { clock: 'repair.1/complete', due: 10, fired: [] as number[] }
const state = {
  seq: 4,
  hash: 'a',
  at: 1,
  status: 'open',
  facts: { site: 'si-1', tags: ['brand'] },
  tasks: { 'repair.1': task },
  clocks: { 'repair.1/complete': clock },
  children: {},
  undo: [] as object[],
  doers: { report: 'st-002' },
}

describe('two states of an order', () => {
  it('that are the same but for their place in the history do not differ', () => {
    expect(compared(state, { ...state, seq: 9, hash: 'b', at: 7 })).toEqual([])
  })

  it('differ by what is new, what is gone, and what is otherwise', () => {
    const after = {
      ...state,
      facts: { tags: ['brand', 'industry'], symptom: 'dark' },
      tasks: { 'repair.1': { ...task, status: 'accepted' } },
    }
    expect(compared(state, after)).toEqual([
      {
        area: 'facts',
        changes: [
          { sign: 'removed', name: 'site', before: 'si-1', after: undefined },
          { sign: 'added', name: 'symptom', before: undefined, after: 'dark' },
          { sign: 'changed', name: 'tags', before: ['brand'], after: ['brand', 'industry'] },
        ],
      },
      { area: 'tasks', id: 'repair.1', changes: [{ sign: 'changed', name: 'status', before: 'offered', after: 'accepted' }] },
    ])
  })

  it('tell a task that is there as a whole, or no longer, as one', () => {
    const [gone] = compared(state, { ...state, tasks: {} })
    expect(gone).toMatchObject({ area: 'tasks', id: 'repair.1', whole: { sign: 'removed', before: task }, changes: [] })
    const [made] = compared({ ...state, tasks: {} }, state)
    expect(made).toMatchObject({ area: 'tasks', id: 'repair.1', whole: { sign: 'added', after: task }, changes: [] })
  })

  it('tell a deep difference at the name that people know, once', () => {
    const held = { ...task, suspended: { reason: 'rain', party: 'customer', until: 5 } }
    const other = { ...task, suspended: { reason: 'snow', party: 'own', until: 9 } }
    const [group] = compared({ ...state, tasks: { 'repair.1': held } }, { ...state, tasks: { 'repair.1': other } })
    expect(group!.changes).toEqual([{ sign: 'changed', name: 'suspended', before: held.suspended, after: other.suspended }])
  })

  it('tell each signature by its party', () => {
    const [before, after] = [{ lawyer: { roles: ['lawyer'] } }, { lawyer: { roles: ['lawyer'], answer: 'agree', by: 'st-003' } }]
    const [group] = compared(
      { ...state, tasks: { 'repair.1': { ...task, parties: before } } },
      { ...state, tasks: { 'repair.1': { ...task, parties: after } } },
    )
    expect(group!.changes).toEqual([{ sign: 'changed', name: 'parties', party: 'lawyer', before: before.lawyer, after: after.lawyer }])
  })

  it('take an empty list for nothing', () => {
    const undo = [{ effect: 'void-contract', j: 1 }]
    expect(compared(state, { ...state, undo })).toEqual([
      { area: 'order', changes: [{ sign: 'added', name: 'undo', before: undefined, after: undo }] },
    ])
    const [limit] = compared(state, { ...state, clocks: { 'repair.1/complete': { ...clock, fired: [80] } } })
    expect(limit!.changes).toEqual([{ sign: 'added', name: 'fired', before: undefined, after: [80] }])
  })
})
