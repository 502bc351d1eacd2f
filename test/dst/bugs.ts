/** Bugs put in on purpose, as patches of the sources: whoever made one of them must hear of it. */
import type { Patch } from './bundle.ts'

export interface Bug {
  name: string
  patches: readonly Patch[]
  /** Processes whose orders it shows in, where it is rare. */
  only?: readonly string[]
  /** What is said of it. */
  caught: RegExp
}

const patch = (file: string, from: string, to: string): Patch => ({ file, from, to })

export const bugs: readonly Bug[] = [
  {
    name: 'a move that is recorded again is refused instead of answered',
    patches: [patch('activities/record.ts', 'stored.seq >= move.base + move.events.length', 'stored.seq < 0')],
    caught: /workflow .* failed: .*the record ends with event/,
  },
  {
    name: 'a move that is recorded again is answered without all of its plan',
    patches: [patch('activities/record.ts', 'plan: rows.slice(1).map', 'plan: rows.slice(2).map')],
    caught: /the record says/,
  },
  {
    name: 'the row is written as the order stood before the plan',
    patches: [patch('activities/move-rows.ts', '...orderRow(state),', '...orderRow(states.at(-1)!),')],
    caught: /the order's row is not at event|is not the fold/,
  },
  {
    name: 'a rung that has fired stays to be fired',
    patches: [patch('domain/order/evolve-clocks.ts', 'clock.rungs.filter(([pct]) => pct !== data.pct)', 'clock.rungs')],
    caught: /fired twice|has not been looked at/,
  },
  {
    name: 'late rungs fire in any order',
    patches: [patch('domain/order/clocks.ts', '.sort((a, b) => a.at - b.at || a.pct - b.pct ||', '.sort((a, b) => b.pct - a.pct ||')],
    caught: /fires before \d+ %/,
  },
  {
    name: 'a task that somebody has accepted can be accepted again',
    patches: [
      patch(
        'domain/order/decide.ts',
        "says: JOINT })\n    if (task.status === 'accepted') throw new Refusal('ALREADY_ACCEPTED')\n    const",
        'says: JOINT })\n    const',
      ),
    ],
    caught: /has a holder already/,
  },
  {
    name: 'a delegate holds in his own name what he accepts for a colleague',
    patches: [patch('domain/order/evolve-tasks.ts', 'task.person = actor.for ?? actor.id', 'task.person = actor.id')],
    caught: /is held by/,
  },
  {
    name: 'time that somebody asked for is still asked for when another has the task',
    patches: [patch('domain/order/evolve-tasks.ts', '  task.extensionAsked = undefined\n  return task', '  return task')],
    caught: /asks for more time on .*, by the events on undefined/,
  },
  {
    name: 'who asks for more time may grant it to himself',
    patches: [patch('domain/order/time-commands.ts', "if (own) throw new Refusal('OWN_REQUEST')", 'void own')],
    only: ['arrears-dunning'],
    caught: /answers his own request/,
  },
  {
    name: 'an order forgets which commands it has had',
    patches: [patch('workflows/kit/machine.ts', 'return this.state.recent.find(([id]) => id === command)?.[1]', 'return void command')],
    only: ['suggestion', 'contract-countersign'],
    caught: /order_command_pkey|took effect twice|is in the record and was refused/,
  },
  {
    name: 'a payment that is told of twice counts twice',
    patches: [patch('domain/order/received.ts', 'if (state.received?.some(', 'if (!state && state!.received?.some(')],
    caught: /counted twice/,
  },
  {
    name: 'a parent is not told how its child has ended',
    patches: [patch('workflows/kit/shell.ts', '    if (parent)\n      await tell(', '    if (!state && parent)\n      await tell(')],
    caught: /waits for .* which has ended/,
  },
  {
    name: 'children are not told that their order is withdrawn',
    patches: [
      patch(
        'workflows/kit/shell-pursuit.ts',
        'for (const child of unwanted) if (!this.told.has(child))',
        'for (const child of unwanted) if (!state)',
      ),
    ],
    caught: /has not heard of it/,
  },
  {
    name: 'the next run of an order forgets what waited for its turn',
    patches: [
      patch(
        'workflows/kit/shell.ts',
        'await condition(() => this.turns.length > 0 || idle())\n    if (this.turns.length > 0) return\n',
        'void idle\n',
      ),
    ],
    caught: /waits for .* which has ended|nobody does it|is lost/,
  },
  {
    name: 'the timer stays where it is when something is due earlier',
    patches: [patch('workflows/kit/shell.ts', 'condition(() => (due() ?? armed) < armed,', 'condition(() => false,')],
    caught: /no timer fires by|has not been looked at/,
  },
  {
    name: 'a body throws dice',
    patches: [
      patch(
        'workflows/fault/graded-fault.ts',
        "(await order.step('diagnose')) === 'needs-dispatch'",
        "(await order.step('diagnose')) && Math.random() < 0.5",
      ),
    ],
    caught: /not deterministic|the body waits for|the journal says|the record says/,
  },
  {
    name: 'what an order held stays held when it has come to nothing',
    patches: [
      patch('activities/projections/index.ts', "new Set(['terminated', 'withdrawn'])", 'new Set<string>([])'),
      patch('workflows/order/construction.ts', "  order.undo('release-resources')\n", ''),
    ],
    only: ['construction'],
    caught: /is reserved by/,
  },
  {
    name: 'an order that ends waits for the machine, which waits for its turn',
    patches: [
      patch(
        'workflows/kit/shell.ts',
        'await condition(() => this.turns.length > 0 || this.pursuit.idle)\n      if (this.turns.length === 0) break\n',
        'await condition(() => this.pursuit.idle)\n      if (this.turns.length === 0) break\n',
      ),
    ],
    only: ['settlement-real-time', 'settlement-single'],
    caught: /its workflow runs on|waits for .* which has ended/,
  },
]
