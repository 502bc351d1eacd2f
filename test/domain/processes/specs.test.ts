/** Every specification says what the catalogue says, and refers to nothing that isn't there. */
import { describe, expect, it } from 'vitest'
import { parseBudget } from '../../../domain/calendar/duration.ts'
import type { LimitSpec, ProcessSpec, StepSpec } from '../../../domain/order/spec.ts'
import { specOf, specs } from '../../../domain/processes/index.ts'
import { ladders } from '../../../domain/processes/ladders.ts'
import { sumOfLimits } from '../../../domain/processes/limits.ts'
import { customerGrades, feedbackTimes, repairTimes } from '../../../domain/processes/repair-times.ts'
import { templates } from '../../../domain/processes/templates.ts'
import { isRole } from '../../../domain/roles.ts'
import { documented } from './catalogue.ts'

const all: readonly (readonly [string, ProcessSpec])[] = specs.map((spec) => [spec.no, spec])

/** The step whose limit stands in a table of its own, as a clock of the order. */
const byTable = new Set(['repair-fault'])

/** `given (step), default (limit)` is the mark of the limit; `given (capability), inferred (place)` the weaker of the two. */
const markOf = (mapping: string): string =>
  /(\w+) \([^)]*limit[^)]*\)/.exec(mapping)?.[1] ?? mapping.match(/given|inferred|default/g)!.at(-1)!

/** Catalogue 0.2, by what the document writes and the calendar of the step. */
const meaning: Record<string, { C?: string; W?: string }> = {
  即時: { C: '15m', W: '15m' },
  '30分鐘': { C: '30m', W: '30m' },
  半天: { C: '12h', W: '4h' },
  '1天': { C: '24h', W: '1WD' },
  '3天': { W: '3WD' },
  '1 WD': { C: '24h', W: '1WD' },
  '2 WD': { W: '2WD' },
  '3 WD': { W: '3WD' },
  'agreed date + 1 WD': { W: '1WD' },
  // 8 + 4 + 4 + 24 + 4 + 4 + 8 + 8 hours
  按合同簽定流程時限: { W: '64h' },
  'inside the 15 min': { C: '15m' },
  '15 分钟 from acceptance': { C: '15m' },
  '30 分钟 from dispatch': { C: '30m' },
  '15 分钟 from the repair': { C: '15m' },
  '30 min': { C: '30m', W: '30m' },
  // The contract's date, which the order knows.
  按合同規定時限: {},
  '5 WD': { C: '120h', W: '5WD' },
  '2天': { W: '2WD' },
  '即時 (the notice; the wait itself has none)': { W: '15m' },
  '3天半 (3.5 days)': { W: '28h' },
  '3.5 days': { W: '28h' },
  '2小時': { W: '2h' },
  '1小時': { W: '1h' },
  '10分鐘': { W: '10m' },
  '2 h': { C: '2h', W: '2h' },
  '1 h': { C: '1h', W: '1h' },
  '10 WD': { W: '10WD' },
  'end of period': { C: '1h' },
  '7 days, 3 times': { C: '168h' },
  '10 days': { C: '240h' },
  '30 days': { C: '720h' },
  '90 days': { C: '2160h' },
  daily: { C: '24h' },
  monthly: { C: '720h' },
  // A date that the order knows.
  'next payout': {},
  'next bill': {},
  'promised date': {},
  'due date of the bill': {},
  '10 min': { W: '10m' },
}

/** Steps on the continuous calendar: the technical part of faults, and what the system does itself (catalogue 0.2). */
const continuous: Record<string, readonly string[]> = {
  'P-01': [],
  'P-02': [],
  'P-03': [],
  'P-04': [],
  'P-05': [],
  'P-06': [],
  'P-07': [],
  'P-08': ['start-business-acceptance'],
  'P-09': ['escalate-next'],
  'P-10': ['start-return-visit'],
  'P-11': [],
  'P-12': ['report-fault', 'issue-fault-application', 'start-standby-and-plan', 'implement-solution'],
  'P-13': ['report-fault', 'issue-fault-application', 'make-solution', 'implement-solution'],
  'P-31': ['collect-factors', 'score-credit', 'apply-credit'],
  'P-32': ['record-arrears', 'dun-by-machine', 'dun-by-person', 'restrict-service', 'restore-service', 'hand-to-legal', 'adjust-credit'],
  'P-33': ['deregister-customer'],
  'P-34': ['detect-pre-churn', 'track-scheme', 'evaluate'],
  'P-35': ['detect-fluctuation'],
  'P-37': ['generate-abnormal', 'track-abnormal'],
  'P-57': ['extract-users', 'choose-schemes', 'compute-user-bills', 'compute-agent-bills', 'close-run'],
  'P-58': ['extract-users', 'choose-scheme', 'compute-bills', 'close-run'],
  'P-59': ['extract-users', 'compute-special'],
  'P-60': ['catch-event', 'compute-commission', 'book-commission', 'confirm-later'],
  'P-61': ['check-payout', 'recompute', 'replace-bills'],
  'P-62': [],
  'P-63': [],
  'P-14': ['accept-fault', 'diagnose', 'dispatch-fault', 'take-ticket', 'return-receipt', 'confirm-recovery', 'reply-not-a-fault'],
}

/** P-34: 自動提出告警, 派給客戶經理: the system raises the alarm, the account manager takes it. */
const takers: Record<string, string[]> = { 'raise-alarm': ['account-manager'] }

/** Processes that a step may run as a child. */
const childProcesses = ({ child }: StepSpec): string[] => {
  if (!child) return []
  return typeof child.process === 'string' ? [child.process] : [...new Set([...Object.values(child.process.when), child.process.otherwise])]
}

describe('the catalogue', () => {
  it('has these processes built', () => {
    expect(documented.map(({ no, id, title }) => [no, id, title])).toEqual(specs.map(({ no, id, title }) => [no, id, title.en]))
  })

  describe.each(documented)('$no $id', ({ no, id, steps }) => {
    const spec = specOf(id)

    it('has the same steps, in the same order', () => {
      expect(spec.no).toBe(no)
      // A step that the catalogue has not is declared with every outcome.
      const declared = (spec.differences ?? []).map(({ step, outcome }) => `${step}=${outcome}`)
      const added = ([step, { outcomes }]: [string, StepSpec]) => Object.keys(outcomes).every((one) => declared.includes(`${step}=${one}`))
      const own = steps.map((step) => step.id)
      const kept = Object.entries(spec.steps).filter((entry) => own.includes(entry[0]) || !added(entry))
      expect(kept.map(([step]) => step)).toEqual(own)
    })

    it.each(steps)('$id: roles, outcomes, limit and mark', (doc) => {
      const step = spec.steps[doc.id]!
      const roles = doc.roles.split(/, | with |\(entered by |\)/).filter((role) => role !== '' && role !== ' ')
      const documentedRoles = roles.map((role) => role.trim())
      // Where the customer answers, he may do so himself, or one of ours enters what he said.
      if (step.customer) expect([...step.who]).toEqual(expect.arrayContaining(documentedRoles))
      else expect([...step.who].sort()).toEqual(takers[doc.id] ?? documentedRoles.sort())
      const declared = (spec.differences ?? []).filter((difference) => difference.step === doc.id).map(({ outcome }) => outcome)
      const outcomes = [...new Set(doc.outcomes.map(({ outcome }) => outcome))]
      expect(Object.keys(step.outcomes).filter((outcome) => outcomes.includes(outcome) || !declared.includes(outcome))).toEqual(outcomes)
      const ends = doc.outcomes.filter(({ end }) => end).map(({ next }) => next)
      expect(Object.keys(spec.ends)).toEqual(expect.arrayContaining(ends))
      const text = doc.limit.replaceAll('**', '')
      // A child has the limits of its own process.
      if (text === '–' || byTable.has(doc.id) || /P-\d\d|own process/.test(text)) return expect(step.limit).toBeUndefined()
      // Not a limit of work: how long the customer's silence is waited out.
      if (text.startsWith('– (wait')) return expect(step.limit).toMatchObject({ budget: '3WD', mark: 'default', calendar: 'W' })
      const calendar = continuous[no]!.includes(doc.id) ? 'C' : 'W'
      expect(step.limit).toMatchObject({ text, mark: markOf(doc.mapping), calendar })
      expect(step.limit?.budget).toBe(meaning[text]![calendar])
    })
  })
})

const places = (spec: ProcessSpec): { at: string; step: StepSpec }[] => Object.entries(spec.steps).map(([at, step]) => ({ at, step }))

const limits = (spec: ProcessSpec): LimitSpec[] => [
  ...Object.values(spec.steps).flatMap(({ limit }) => limit ?? []),
  ...Object.values(spec.clocks ?? {}).map(({ limit }) => limit),
]

/** A mark is a step, or a step and one of its outcomes. */
function expectMark(spec: ProcessSpec, mark: string): void {
  if (mark === 'customer-told') return
  const [step, outcome] = mark.split('=') as [string, string | undefined]
  expect(Object.keys(spec.steps), mark).toContain(step)
  if (outcome) expect(Object.keys(spec.steps[step]!.outcomes), mark).toContain(outcome)
}

describe.each(all)('%s', (_no, spec) => {
  it('has every title in both languages, and no other script in them', () => {
    const titles: { zh: string; en: string }[] = []
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      if ('zh' in value && 'en' in value) titles.push(value as { zh: string; en: string })
      else Object.values(value).forEach(collect)
    }
    collect(spec)
    expect(titles.length).toBeGreaterThan(Object.keys(spec.steps).length * 2)
    for (const { zh, en } of titles) {
      expect(zh).toMatch(/\p{Script=Han}/u)
      expect(en).toMatch(/^[\x20-\x7e×↔ →“”%≤]+$/)
    }
  })

  it('names only roles, steps and outcomes that exist', () => {
    for (const { step } of places(spec)) {
      for (const role of step.who) expect(isRole(role)).toBe(true)
      for (const other of [step.offerFrom, step.refusalsOf, step.heldBy, ...(step.notBy ?? [])])
        if (other) expect(Object.keys(spec.steps)).toContain(other)
      const outcomes = [
        step.acceptIs,
        step.refuseIs,
        step.authority?.within,
        step.authority?.over,
        ...(step.starts ?? []).map(({ on }) => on),
        ...(step.notify ?? []).map(({ on }) => on).filter((on) => on !== 'open'),
        ...Object.values(step.child?.ends ?? {}),
        ...(step.joint ? [step.joint.else, ...step.joint.rules.map((rule) => rule.outcome)] : []),
      ]
      for (const outcome of outcomes) if (outcome) expect(Object.keys(step.outcomes)).toContain(outcome)
      for (const mark of step.limit?.from ?? []) expectMark(spec, mark)
    }
    for (const { startedBy, stoppedBy, reopenedBy, pausedWith } of Object.values(spec.clocks ?? {})) {
      for (const mark of [...startedBy, ...stoppedBy, ...(reopenedBy ?? [])]) expectMark(spec, mark)
      for (const step of pausedWith ?? []) expect(Object.keys(spec.steps)).toContain(step)
    }
    if (spec.raise) {
      expect(Object.keys(spec.steps)).toContain(spec.raise.step)
      expect(Object.keys(spec.ends)).toContain(spec.raise.end)
    }
  })

  it('starts and runs only processes that exist, and knows what each of their ends means', () => {
    for (const { step } of places(spec)) {
      for (const starts of step.starts ?? []) {
        const { input } = specOf(starts.process)
        const form = step.outcomes[starts.on]!.form ?? {}
        if (starts.whenField) expect(form[starts.whenField]?.type).toBe('boolean')
        // What the other order must bring is taken over, or given here.
        const brought = [...(starts.take ?? []), ...Object.keys(starts.input ?? {})]
        const needed = Object.entries(input).flatMap(([name, { required }]) => (required ? [name] : []))
        expect(brought).toEqual(expect.arrayContaining(needed))
        for (const [name, value] of Object.entries(starts.input ?? {})) {
          const choices = input[name]?.choices
          if (choices) expect(choices).toContain(value)
        }
      }
      for (const child of childProcesses(step)) {
        const { ends, results = [], produces = {} } = specOf(child)
        expect(Object.keys(step.child!.ends)).toEqual(expect.arrayContaining([...Object.keys(ends), 'withdrawn']))
        if (typeof step.child!.process === 'string')
          expect([...results, ...Object.keys(produces)]).toEqual(expect.arrayContaining([...(step.child!.brings ?? [])]))
      }
    }
    for (const { continuesAs } of Object.values(spec.ends)) if (continuesAs) expect(specOf(continuesAs).id).toBe(continuesAs)
  })

  it('can be raised only to a process that takes the same facts', () => {
    for (const to of [spec.raise?.to, ...Object.values(spec.ends).map(({ continuesAs }) => continuesAs)])
      if (to) expect(specOf(to).input).toEqual(spec.input)
  })

  it('has limits that can be read, with ladders that exist', () => {
    for (const limit of limits(spec)) {
      expect(limit.budget ?? limit.rows ?? limit.dueFact).toBeDefined()
      for (const { budget, calendar, ladder } of [limit, ...(limit.rows ?? [])]) {
        if (ladder) expect(Object.keys(ladders)).toContain(ladder)
        if (!budget) continue
        const { unit } = parseBudget(budget)
        expect(calendar === 'C' ? ['s', 'm', 'h', 'd'] : ['m', 'h', 'WD']).toContain(unit)
      }
    }
  })

  it('sends only notifications that have a subject', () => {
    for (const { step } of places(spec)) for (const { template } of step.notify ?? []) expect(Object.keys(templates)).toContain(template)
  })

  it('has forms that can be filled in', () => {
    for (const { step } of places(spec))
      for (const { form } of Object.values(step.outcomes))
        for (const [name, { type, choices, requiredWith }] of Object.entries(form ?? {})) {
          if (type === 'choice') expect(choices?.length, name).toBeGreaterThan(1)
          for (const other of [requiredWith ?? []].flat()) expect(form![other]?.type).toBe('boolean')
        }
  })

  it('asks for a reason wherever it says no', () => {
    const noes = /^(rejected|stopped|reassigned|declined|withdrawn|not-mine-up|needs-other-level|not-a-fault|not-level-1|is-level-1)$/
    const found = places(spec).flatMap(({ at, step }) =>
      Object.entries(step.outcomes).flatMap(([outcome, { form }]) =>
        // Of a joint step each signature has its opinion.
        noes.test(outcome) && !step.joint && !form?.reason?.required ? [`${at}=${outcome}`] : [],
      ),
    )
    expect(found).toEqual([])
  })
})

describe('limits of particular kinds', () => {
  it('sums up P-04 for the compensation agreement, and refuses to add hours of two calendars', () => {
    expect(sumOfLimits(specOf('contract-countersign'), 'W')).toBe('64h')
    expect(() => sumOfLimits(specOf('fault-level-1'), 'W')).toThrow('fault-level-1/report-fault runs on calendar C')
  })

  it('ladders have the rungs 80, 100, 150 and 200, the assignee first and the deputy general manager last where the grade says so', () => {
    const { promise, 'customer-silence': silence, 'machine-dunning': dunning, ...ofLimits } = ladders
    expect(dunning.rungs.map(({ pct, to }) => [pct, ...to])).toEqual([
      ...[1, 34, 67].map((pct) => [pct, 'customer']),
      [100, 'account-manager'],
    ])
    expect(silence.rungs.map(({ pct }) => pct)).toEqual([33, 67, 100])
    for (const { rungs } of Object.values(ofLimits)) expect(rungs.map(({ pct }) => pct)).toEqual([80, 100, 150, 200])
    expect(promise.rungs.map(({ pct }) => pct)).toEqual([80, 100])
    expect(ladders.standard.rungs.at(-1)?.to).toEqual(['vp-in-charge'])
    for (const { pct, to } of ladders['straight-to-vp'].rungs) expect((to as readonly string[]).includes('vp-in-charge')).toBe(pct >= 100)
    expect(ladders['next-superior'].rungs.flatMap(({ to }) => to as readonly string[])).not.toContain('vp-in-charge')
  })

  it('overruns of the first four steps of P-12 go straight to the deputy general manager, all others by the standard', () => {
    const straight = (id: string) =>
      Object.entries(specOf(id).steps).flatMap(([step, { limit }]) => (limit?.ladder === 'straight-to-vp' ? [step] : []))
    expect(straight('fault-level-1')).toEqual(continuous['P-12'])
    for (const id of ['contract-countersign', 'return-visit', 'fault-level-2', 'graded-fault']) expect(straight(id)).toEqual([])
  })

  /** P-14, default table: product group, circuit grade, tag → budgets by grade. */
  it.each([
    ['voice-centrex', undefined, undefined, ['20h', '20h', '24h', '48h', '48h'], 'inferred'],
    ['voice-800', undefined, 'industry', ['12h', '12h', '12h', '12h', '12h'], 'given'],
    ['voice-800', undefined, 'high-end-cluster', ['12h', '12h', '12h', '12h', '12h'], 'given'],
    ['voice-800', undefined, undefined, ['24h', '24h', '24h', '24h', '24h'], 'given'],
    ['e-tong', undefined, undefined, ['3WD', '3WD', '3WD', '3WD', '3WD'], 'given'],
    ['desk', undefined, undefined, ['12h', '12h', '24h', '24h', '48h'], 'default'],
    ['bandwidth', undefined, undefined, ['4h', '4h', '8h', '12h', '24h'], 'default'],
    ['bandwidth', 'A', undefined, ['4h', '4h', '4h', '8h', '12h'], 'default'],
    ['bandwidth', 'C', undefined, ['4h', '8h', '12h', '24h', '24h'], 'default'],
  ])('P-14 repair of %s %s %s', (productGroup, circuitGrade, tag, budgets, mark) => {
    const rows = repairTimes.filter((row) => row.productGroup === productGroup && row.circuitGrade === circuitGrade && row.tag === tag)
    expect(rows.map((row) => row.customerGrade)).toEqual([...customerGrades])
    expect(rows.map((row) => row.budget)).toEqual(budgets)
    expect(new Set(rows.map((row) => row.mark))).toEqual(new Set([mark]))
    expect(rows.map((row) => row.ladder)).toEqual(['standard', 'standard', 'next-superior', 'next-superior', 'next-superior'])
  })

  it('P-14 feedback is for E-Tong products alone', () => {
    expect(feedbackTimes).toEqual([{ productGroup: 'e-tong', text: '1个工作日内反馈', budget: '1WD', calendar: 'W', mark: 'given' }])
    expect(specOf('graded-fault').clocks?.feedback?.limit.budget).toBeUndefined()
  })

  it('names what there is when asked for a process that is not there', () => {
    expect(() => specOf('fault-level-9')).toThrow(
      /no process 'fault-level-9'; there are order-fulfilment, customer-visit, solution-argumentation/,
    )
    expect(() => specOf('constructor')).toThrow(RangeError)
  })
})
