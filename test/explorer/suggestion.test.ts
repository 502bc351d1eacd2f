/** P-11 played by its rules. */
import { expect, it } from 'vitest'
import { suggestion } from '../../workflows/complaint/suggestion.ts'
import { Desk, refusal } from './desk.ts'

const input = { channel: 'visit', raisedAt: Date.UTC(2026, 0, 5), content: 'one bill for all sites', product: 'dia' }

async function reviewed(outcome: string): Promise<Desk> {
  const desk = await Desk.open(suggestion, input)
  await desk.does('make-suggestion-report', 'made')
  await desk.does('analyse-suggestions', 'analysed', { summaryNo: 'S-2026-01' })
  await desk.does('director-review', outcome)
  return desk
}

it('is adopted, handled by the department named, and answered', async () => {
  const desk = await reviewed('adopt')
  expect(await refusal(desk.does('notify-departments', 'notified', { unit: '' }))).toBe('FORM_INVALID')
  await desk.does('notify-departments', 'notified', { unit: 'js-business' })
  await desk.does('handle-suggestion', 'handled', { classification: 'planned' })
  expect(desk.open).toEqual(['reply-and-thank'])
  await desk.does('reply-and-thank', 'replied')
  expect(desk.state).toMatchObject({ status: 'closed', end: 'closed', facts: { summaryNo: 'S-2026-01', classification: 'planned' } })
})

it('gets an answer too when it is declined', async () => {
  const desk = await reviewed('decline')
  expect(desk.open).toEqual(['reply-and-thank'])
  expect(await refusal(desk.does('reply-and-thank', 'replied', { answer: ' ' }))).toBe('FORM_INVALID')
})

it('is analysed anew when the director wants it, with his reason', async () => {
  const desk = await reviewed('rework')
  expect(desk.task('analyse-suggestions').n).toBe(2)
  await desk.does('analyse-suggestions', 'analysed', { summaryNo: 'S-2026-02' })
  await desk.does('director-review', 'adopt')
  expect(desk.state.facts.summaryNo).toBe('S-2026-02')
})
