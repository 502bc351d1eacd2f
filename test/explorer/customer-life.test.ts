/** P-31, P-33, P-34, P-35 and P-37 played by their rules. */
import { describe, expect, it } from 'vitest'
import type { Process } from '../../workflows/kit/process.ts'
import { abnormalCustomerTracking } from '../../workflows/customer/abnormal-customer-tracking.ts'
import { creditReview } from '../../workflows/customer/credit-review.ts'
import { customerMaintenance } from '../../workflows/customer/customer-maintenance.ts'
import { networkLeave } from '../../workflows/customer/network-leave.ts'
import { retention } from '../../workflows/customer/retention.ts'
import { boss, Desk, refusal } from './desk.ts'

describe('P-31', () => {
  const scored = async (previousClass: string, creditClass: string): Promise<Desk> => {
    const desk = await Desk.open(creditReview, { occasion: 'schedule' })
    await desk.machineDoes('collect-factors', 'collected', { previousClass })
    await desk.machineDoes('score-credit', 'scored', { creditClass, creditLimit: 100_000 })
    return desk
  }

  it.each([
    ['red', 'red', false],
    ['red', 'grey', false],
    ['grey', 'red', false],
    ['black', 'grey', false],
    ['red', 'black', true],
    ['grey', 'black', true],
    ['black', 'red', true],
  ])('from %s to %s: approved by the director is %s', async (before, now, asked) => {
    const desk = await scored(before, now)
    expect(desk.open).toEqual([asked ? 'approve-credit' : 'apply-credit'])
    const by = desk.record.events.filter(({ type, actor }) => type === 'task-completed' && actor.id === 'rule')
    expect(by).toHaveLength(asked ? 0 : 1)
  })

  it('without a model somebody sets it by hand, and does not approve his own', async () => {
    const desk = await Desk.open(creditReview, { occasion: 'new-account' })
    await desk.machineDoes('collect-factors', 'collected')
    await desk.machineDoes('score-credit', 'no-model', { reason: 'no card is released' })
    await desk.does('set-by-hand', 'set', { creditClass: 'black' })
    const setter = desk.state.doers['set-by-hand']!
    const { id } = desk.task('approve-credit')
    const own = { kind: 'person' as const, id: setter, roles: ['kac-director'] }
    await desk.command({ type: 'reassign', task: id, person: setter, reason: 'try' }, boss)
    expect(await refusal(desk.command({ type: 'accept', task: id }, own))).toBe('SEPARATION_OF_DUTIES')
  })
})

describe('P-34', () => {
  const alarmed = async (entry?: string): Promise<Desk> => {
    const desk = await Desk.open(retention, entry ? { entry } : {})
    if (!entry) await desk.machineDoes('detect-pre-churn', 'found', { alarm: 'a1', signals: 'charges fell by 40 %' })
    return desk
  }

  it('chooses, modifies, repeats, closes and is evaluated by the machine', async () => {
    const desk = await alarmed()
    await desk.does('raise-alarm', 'accepted')
    await desk.does('choose-scheme', 'new-scheme', { scheme: 's1', cost: 900_000 })
    await desk.does('approve-scheme', 'rejected')
    await desk.does('choose-scheme', 'from-library', { scheme: 's2' })
    await desk.does('carry-out', 'contact-made')
    await desk.does('track-scheme', 'again')
    await desk.does('carry-out', 'contact-made')
    await desk.does('track-scheme', 'modify')
    await desk.does('choose-scheme', 'from-library', { scheme: 's3' })
    await desk.does('carry-out', 'contact-made')
    await desk.does('track-scheme', 'kept')
    await desk.does('close-scheme', 'closed')
    await desk.machineDoes('evaluate', 'kept')
    expect(desk.state).toMatchObject({ status: 'closed', end: 'kept' })
  })

  it('a false alarm keeps its reason and is no case', async () => {
    const desk = await alarmed('case')
    await desk.does('raise-alarm', 'false-alarm')
    await desk.does('record-reason', 'false-alarm')
    expect(desk.state.end).toBe('no-action')
  })

  it('an alarm that nobody takes within the limit climbs to the supervisor', async () => {
    const desk = await alarmed('leave')
    await desk.waits(31)
    expect(desk.task('raise-alarm').roles).toEqual(['supervisor', 'kac-director'])
  })

  it('by hand the analyst decides whether there is an alarm', async () => {
    const desk = await alarmed('query')
    await desk.does('query-by-hand', 'no-alarm')
    expect(desk.state.end).toBe('no-action')
  })
})

describe('a run over all customers', () => {
  it.each([
    ['P-34', retention, 'detect-pre-churn', 'found'],
    ['P-35', customerMaintenance, 'detect-fluctuation', 'found'],
    ['P-37', abnormalCustomerTracking, 'generate-abnormal', 'generated'],
  ] as [string, Process, string, string][])('%s opens one case for each found, and ends', async (_no, process, step, outcome) => {
    const desk = await Desk.open(process, { entry: 'run' })
    await desk.machineDoes(step, outcome, { customers: ['cu-1', 'cu-2', 'cu-1'], reasons: ['why 1', 'why 2', 'why 1'], signals: 'of all' })
    expect(desk.state).toMatchObject({ status: 'closed', end: 'cases-opened' })
    const cases = Object.entries(desk.state.children)
    expect(cases.map(([id, { process: of, waits }]) => [id, of, waits])).toEqual([
      ['o1.cu-1', process.spec.id, false],
      ['o1.cu-2', process.spec.id, false],
    ])
    expect(cases.map(([id]) => desk.machine.childStart(id))).toEqual(
      ['cu-1', 'cu-2'].map((customer, i) => ({ customer, input: { entry: 'case', signals: `why ${i + 1}` } })),
    )
  })

  it('that finds nobody opens nothing', async () => {
    const desk = await Desk.open(retention, { entry: 'run' })
    await desk.machineDoes('detect-pre-churn', 'found', { looked: 7043 })
    expect(desk.state).toMatchObject({ end: 'cases-opened', children: {} })
  })
})

describe('P-35', () => {
  it('asks until the customer is reached, and passes on who declines', async () => {
    const desk = await Desk.open(customerMaintenance, { entry: 'case' })
    await desk.does('contact-customer', 'not-reachable')
    await desk.does('contact-customer', 'reason-known')
    await desk.does('propose-solution', 'accepted')
    await desk.does('follow-up', 'again')
    await desk.does('propose-solution', 'declined')
    await desk.childEnds('start-retention', 'lost')
    expect(desk.state.end).toBe('lost')
  })

  it('ends where nothing is abnormal', async () => {
    const desk = await Desk.open(customerMaintenance)
    await desk.machineDoes('detect-fluctuation', 'none')
    expect(desk.state.end).toBe('no-action')
  })
})

describe('P-37', () => {
  it('tracks until it is clear, and starts what the measure names', async () => {
    const desk = await Desk.open(abnormalCustomerTracking, { entry: 'case' })
    await desk.does('confirm-abnormal', 'confirmed', { abnormal: 'arrears' })
    await desk.does('track-abnormal', 'unclear')
    await desk.does('track-abnormal', 'abnormal')
    const debt = { amount: 1_000, period: '2026-01', dueDate: desk.now }
    await desk.does('take-measure', 'done', { reviewCredit: true, retain: false, dun: true, ...debt })
    expect(desk.state.end).toBe('handled')
    expect(Object.values(desk.state.children).map(({ process }) => process)).toEqual(['credit-review', 'arrears-dunning'])
  })
})

describe('P-33', () => {
  const unkept = async (): Promise<Desk> => {
    const desk = await Desk.open(networkLeave, { kind: 'booked' })
    await desk.does('register-leave', 'registered')
    await desk.does('find-reason', 'found')
    return desk
  }

  it('is over where the customer is kept', async () => {
    const desk = await unkept()
    await desk.childEnds('try-retention', 'kept')
    expect(desk.state.end).toBe('kept')
  })

  it('settles, duns, cancels, releases, files and learns; after the formal cancellation there is no way back', async () => {
    const desk = await unkept()
    await desk.childEnds('try-retention', 'lost')
    await desk.does('settle-arrears', 'unpaid', { amount: 5_000, period: '2026-01', dueDate: desk.now })
    await desk.childEnds('start-dunning', 'closed')
    await desk.does('formal-cancel', 'failed')
    const withdraw = () => refusal(desk.command({ type: 'withdraw', reason: 'stays' }, boss))
    await desk.does('formal-cancel', 'cancelled')
    expect(await withdraw()).toBe('IRREVERSIBLE')
    await desk.does('release-resources', 'released', { released: ['r1'] })
    await desk.machineDoes('deregister-customer', 'done')
    await desk.does('record-churn-reason', 'recorded')
    expect(desk.state.end).toBe('left')
  })
})
