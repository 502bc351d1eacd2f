/** The sample process as it was before a bug in it was mended: it throws at its first step, or once the draft is there. */
import { process } from '../../workflows/kit/process.ts'
import { workflow } from '../../workflows/kit/shell.ts'
import { sampleSpec } from './sample.ts'

const broken = process(sampleSpec, async (order) => {
  if (order.input.early) throw new Error('no desk of that name')
  await order.step('draft')
  order.undo('void-draft')
  await Promise.all([order.step('work-a'), Promise.resolve().then(() => Promise.reject(new Error('no site of that name')))])
  return 'done'
})

export const sample = workflow(broken)
