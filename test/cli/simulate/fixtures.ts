/** Orders, tasks and processes as the API answers them. */
import type { Player } from '../../../cli/simulate/crew.ts'
import type { AllowedView, OrderView, ProcessView, TaskView } from '../../../cli/simulate/view.ts'

export const aTask = (more: Partial<TaskView> = {}): TaskView => ({
  task: 'repair.1',
  step: 'repair',
  title: { en: 'Repair', zh: '修复' },
  key: null,
  n: 1,
  status: 'accepted',
  unit: 'u-1',
  person: 'st-1',
  absent: null,
  queue: null,
  openedAt: '2026-01-05T01:00:00.000Z',
  acceptedAt: null,
  closedAt: null,
  outcome: null,
  form: null,
  note: null,
  doneBy: null,
  doneFor: null,
  dueAt: null,
  breachedAt: null,
  refusals: 0,
  suspended: null,
  suspendAsked: null,
  extensionAsked: null,
  failed: null,
  child: null,
  parties: [],
  ...more,
})

export const aParty = (more: Partial<TaskView['parties'][number]> = {}): TaskView['parties'][number] => ({
  party: 'lawyer',
  title: null,
  roles: ['lawyer'],
  mandatory: true,
  unit: null,
  person: 'st-2',
  answer: null,
  opinion: null,
  signedBy: null,
  signedFor: null,
  askedAt: '2026-01-05T01:00:00.000Z',
  signedAt: null,
  removedAt: null,
  ...more,
})

export const aClock = (more: Partial<OrderView['clocks'][number]> = {}): OrderView['clocks'][number] => ({
  clock: 'repair.1/complete',
  task: 'repair.1',
  kind: 'complete',
  calendar: 'C',
  budgetMs: 1,
  usedMs: 0,
  startedAt: '2026-01-05T01:00:00.000Z',
  dueAt: '2026-01-05T01:00:00.000Z',
  pausedAt: null,
  pauseParty: null,
  pauseReason: null,
  pausedUntil: null,
  stoppedAt: null,
  overdue: false,
  mark: 'given',
  policy: '1',
  ladder: 'standard',
  provisional: false,
  ...more,
})

export const anOrder = (tasks: TaskView[], more: Partial<OrderView> = {}): OrderView => ({
  id: 'o-1',
  no: null,
  process: 'fix',
  title: 't',
  status: 'open',
  end: null,
  region: '/cn/js/nj/gulou',
  priority: 3,
  source: null,
  openedAt: '2026-01-05T01:00:00.000Z',
  closedAt: null,
  nextDueAt: null,
  overdue: false,
  version: 7,
  customer: { id: 'c', no: 'KA', name: { en: 'C', zh: '客' }, grade: 'group', address: null, accountManager: null },
  service: null,
  contract: null,
  startedBy: null,
  responsible: null,
  facts: {},
  stopped: null,
  hash: 'h',
  tasks,
  clocks: [],
  rungs: [],
  children: [],
  links: { parent: null, continues: null, continuedAs: null },
  attachments: [],
  compensations: [],
  stays: [],
  released: null,
  promise: null,
  amendable: [],
  tracking: [],
  allowed: [],
  names: {},
  ...more,
})

const title = { en: '', zh: '' }

/** repair → check, or back to repair; check → end, or back. */
export const aProcess = (more: Partial<ProcessView> = {}): ProcessView => ({
  no: 'P-0',
  id: 'fix',
  family: 'fault',
  customer: 'required',
  title,
  purpose: null,
  startable: true,
  input: {},
  steps: {
    repair: { title, who: ['maintenance-dept'], outcomes: { done: { title }, 'not-done': { title } } },
    check: { title, who: ['monitor-centre'], outcomes: { good: { title }, bad: { title } } },
  },
  ends: { closed: { title } },
  graph: {
    steps: [
      {
        id: 'repair',
        outcomes: [
          { outcome: 'done', next: 'check', end: false },
          { outcome: 'not-done', next: 'repair', end: false },
        ],
      },
      {
        id: 'check',
        outcomes: [
          { outcome: 'good', next: 'closed', end: true },
          { outcome: 'bad', next: 'repair', end: false },
        ],
      },
    ],
    ends: ['closed'],
    runs: 1,
  },
  ...more,
})

export const may = (...commands: AllowedView['command'][]): AllowedView[] => commands.map((command) => ({ command, task: 'repair.1' }))

export const mayComplete = (...outcomes: string[]): AllowedView => ({
  command: 'complete',
  task: 'repair.1',
  outcomes: outcomes.map((id) => ({ id, form: {} })),
})

export const aPlayer = (id: string, more: Partial<Player> = {}): Player => ({
  id,
  login: id,
  name: id,
  unit: 'u-1',
  region: '/cn/js/nj',
  roles: ['maintenance-dept'],
  units: [more.unit ?? 'u-1'],
  absent: false,
  external: false,
  ...more,
})
