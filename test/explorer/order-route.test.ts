/** P-01, P-02 and P-03 played by their rules. */
import { describe, expect, it } from 'vitest'
import type { Fact } from '../../domain/order/spec.ts'
import { customerVisit } from '../../workflows/order/customer-visit.ts'
import { orderFulfilment } from '../../workflows/order/order-fulfilment.ts'
import { solutionArgumentation } from '../../workflows/order/solution-argumentation.ts'
import { boss, Desk, refusal } from './desk.ts'

const DAY = 86_400_000
const outcomes = (desk: Desk) => desk.state.journal.flatMap((entry) => ('step' in entry ? [`${entry.step}=${entry.outcome}`] : []))
const childOf = (desk: Desk, step: string) => Object.values(desk.state.children).find(({ key }) => key.startsWith(step))

describe('P-01', () => {
  const accepted = async (outcome: string, facts: Record<string, Fact> = {}): Promise<Desk> => {
    const desk = await Desk.open(orderFulfilment, { kind: 'new-user', channel: '1001', reason: 'x', ...facts })
    await desk.does('accept-request', outcome)
    return desk
  }
  const confirming = async (facts: Record<string, Fact> = {}): Promise<Desk> => {
    const desk = await accepted('new-demand', facts)
    await desk.childEnds('visit-customer', 'intent-signed')
    await desk.childEnds('sign-contract', 'signed')
    await desk.does('decide-construction', 'not-needed')
    await desk.childEnds('activate', 'activated')
    return desk
  }

  it('a consultation is recorded and closed', async () => {
    const desk = await accepted('consultation')
    await desk.does('record-consultation', 'recorded')
    expect(desk.state.end).toBe('consultation-closed')
  })

  it('a new demand goes to the visit, a simple change to diversion', async () => {
    expect(childOf(await accepted('new-demand'), 'visit-customer')?.process).toBe('customer-visit')
    expect((await accepted('basic-change')).open).toEqual(['divert-order'])
  })

  it('what a department refuses is diverted again; what it has done is confirmed with the customer', async () => {
    const desk = await accepted('basic-change')
    await desk.does('divert-order', 'no-technical-work')
    await desk.does('forward-order', 'refused')
    await desk.does('divert-order', 'no-technical-work')
    await desk.does('forward-order', 'done')
    expect(desk.open).toEqual(['notify-activation'])
  })

  it.each([
    ['visit-customer', 'archived', 'archived-as-potential'],
    ['sign-contract', 'abandoned', 'archived-as-potential'],
    ['construct', 'terminated', 'terminated'],
    ['activate', 'terminated', 'terminated'],
  ])('ends where %s ends with %s', async (step, end, is) => {
    const desk = await accepted('new-demand')
    const before: [string, string][] = [
      ['visit-customer', 'intent-signed'],
      ['sign-contract', 'signed'],
      ['construct', 'accepted'],
      ['activate', 'activated'],
    ]
    for (const [other, good] of before) {
      if (other === 'construct') await desk.does('decide-construction', 'needed')
      await desk.childEnds(other, other === step ? end : good)
      if (other === step) break
    }
    expect(desk.state.end).toBe(is)
  })

  it('an infeasible demand is kept as potential', async () => {
    const desk = await accepted('basic-change')
    await desk.does('divert-order', 'technical-preparation')
    await desk.childEnds('argue-solution', 'infeasible')
    expect(desk.state.end).toBe('archived-as-potential')
  })

  it('data services are activated by P-07, others by P-06', async () => {
    const activated = async (dataService: boolean) => childOf(await confirming({ dataService }), 'activate')?.process
    expect([await activated(true), await activated(false)]).toEqual(['data-service-activation', 'service-activation'])
  })

  it('a service that the customer does not find working is activated anew, then the file is closed', async () => {
    const desk = await confirming()
    await desk.does('notify-activation', 'not-confirmed')
    expect(desk.open).toEqual(['activate'])
    await desk.childEnds('activate', 'activated')
    await desk.does('notify-activation', 'confirmed')
    await desk.does('archive-project', 'archived')
    expect(desk.state).toMatchObject({ status: 'closed', end: 'completed' })
  })

  it('an amended demand goes on anew from the visit, and after the activation there is no amending', async () => {
    const desk = await accepted('new-demand')
    await desk.childEnds('visit-customer', 'intent-signed')
    await desk.command({ type: 'amend', facts: { demand: '100 Mbit/s' }, reason: 'the customer grows' }, boss)
    expect(desk.open).toEqual(['visit-customer'])
    expect(desk.state.facts.demand).toBe('100 Mbit/s')
    const late = await confirming()
    expect(await refusal(late.command({ type: 'amend', facts: { demand: 'x' }, reason: 'y' }, boss))).toBe('IRREVERSIBLE')
  })
})

describe('P-02', () => {
  const deciding = async (): Promise<Desk> => {
    const desk = await Desk.open(customerVisit, {})
    for (const [step, outcome] of [
      ['contact-customer', 'contacted'],
      ['collect-basic-data', 'collected'],
      ['analyse-needs', 'analysed'],
      ['revisit-customer', 'exchanged'],
    ] as const)
      await desk.does(step, outcome)
    return desk
  }
  const submitted = async (): Promise<Desk> => {
    const desk = await deciding()
    await desk.does('decide-intent', 'yes')
    await desk.does('fill-requirement-form', 'filled')
    await desk.does('clarify-needs', 'clarified')
    await desk.childEnds('argue-solution', 'approved')
    await desk.does('submit-solution', 'submitted')
    return desk
  }

  it('without an intent customer and demand are kept', async () => {
    const desk = await deciding()
    await desk.does('decide-intent', 'no')
    await desk.does('archive-as-potential', 'archived')
    expect(desk.state.end).toBe('archived')
  })

  it('argues anew as often as the customer is not satisfied, each time a new order', async () => {
    const desk = await submitted()
    await desk.does('decide-satisfied', 'no')
    await desk.childEnds('argue-solution', 'approved')
    await desk.does('submit-solution', 'submitted')
    await desk.does('decide-satisfied', 'yes')
    await desk.does('sign-letter-of-intent', 'signed')
    expect(desk.state.end).toBe('intent-signed')
    expect(Object.keys(desk.state.children)).toEqual(['o1.argue-solution.1', 'o1.argue-solution.2'])
  })

  it('an infeasible solution, and a customer who gives up, are archived', async () => {
    const infeasible = await deciding()
    await infeasible.does('decide-intent', 'yes')
    await infeasible.does('fill-requirement-form', 'filled')
    await infeasible.does('clarify-needs', 'clarified')
    await infeasible.childEnds('argue-solution', 'infeasible')
    expect(infeasible.open).toEqual(['archive-as-potential'])
    const gone = await submitted()
    await gone.does('decide-satisfied', 'gives-up')
    expect(gone.open).toEqual(['archive-as-potential'])
  })
})

describe('P-03', () => {
  const checking = async (): Promise<Desk> => {
    const desk = await Desk.open(solutionArgumentation, {})
    await desk.does('study-needs', 'studied')
    return desk
  }
  const drafted = async (): Promise<Desk> => {
    const desk = await checking()
    await desk.does('decide-checks', 'none')
    await desk.does('decide-feasibility', 'feasible')
    await desk.does('draft-solution', 'drafted', { solutionValidUntil: desk.now + 30 * DAY })
    return desk
  }
  const argued = async (desk: Desk, answers: Record<string, string>): Promise<void> => {
    for (const party of Object.keys(desk.task('argue-solution').parties!))
      await desk.signs('argue-solution', party, answers[party] ?? 'agree')
  }

  it('survey and investment analysis go side by side, and the report waits for both', async () => {
    const desk = await checking()
    await desk.does('decide-checks', 'both')
    expect(desk.open).toEqual(['analyse-investment', 'survey-resources'])
    await desk.does('analyse-investment', 'done')
    expect(desk.open).toEqual(['survey-resources'])
    await desk.does('survey-resources', 'done')
    expect(desk.open).toEqual(['write-feasibility-report'])
  })

  it.each([
    ['survey', 'survey-resources'],
    ['investment', 'analyse-investment'],
  ])('%s alone is asked for alone', async (checks, step) => {
    const desk = await checking()
    await desk.does('decide-checks', checks)
    expect(desk.open).toEqual([step])
  })

  it.each(['technical', 'finance'])('passes only with the vote of %s', async (party) => {
    const desk = await drafted()
    await argued(desk, { [party]: 'object' })
    expect(await refusal(desk.does('decide-argued', 'passed'))).toBe('REQUIREMENT')
    await desk.does('decide-argued', 'failed')
    expect(desk.open).toEqual(['draft-solution'])
  })

  it('after three failed rounds the director decides', async () => {
    const desk = await drafted()
    for (const round of [1, 2, 3]) {
      await argued(desk, { technical: 'object' })
      await desk.does('decide-argued', 'failed', {}, { roles: ['kac-staff', 'kac-director'] })
      if (round < 3) await desk.does('draft-solution', 'drafted')
    }
    const roles = desk.open.map((step) => desk.task(step).roles)
    await desk.does('draft-solution', 'drafted')
    await argued(desk, { technical: 'object' })
    expect([...roles, desk.task('decide-argued').roles].flat()).toContain('kac-director')
    await desk.does('decide-argued', 'hopeless', {}, { roles: ['kac-director'] })
    expect(desk.state.end).toBe('infeasible')
  })

  it('an argued solution is archived', async () => {
    const desk = await drafted()
    await argued(desk, {})
    await desk.does('decide-argued', 'passed')
    await desk.does('archive-solution', 'archived')
    expect(desk.state.end).toBe('approved')
    expect(outcomes(desk).slice(-3)).toEqual(['argue-solution=argued', 'decide-argued=passed', 'archive-solution=archived'])
  })
})
