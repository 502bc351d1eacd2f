/** P-11: suggestion handling. */
import { suggestionSpec } from '../../domain/processes/suggestion.ts'
import { process } from '../kit/process.ts'

export const suggestion = process(suggestionSpec, async (order) => {
  await order.step('make-suggestion-report')
  let review: string
  do {
    await order.step('analyse-suggestions')
    review = await order.step('director-review')
  } while (review === 'rework')
  // The interim thanks go out with the director's word; what is handled gets its final answer below.
  if (review === 'adopt') {
    await order.step('notify-departments')
    await order.step('handle-suggestion')
  }
  await order.step('reply-and-thank')
  return 'closed'
})
