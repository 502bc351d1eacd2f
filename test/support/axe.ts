/** What axe finds wrong with a page, by the rules of WCAG 2.2 AA, each with the element that it is about. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const options: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  resultTypes: ['violations'],
}

/** What is still fading in is shown in full first: its colours are not yet its own. Endless movements stay. */
const settle = `for (const one of document.getAnimations()) if (one.effect?.getTiming().iterations !== Infinity) one.finish()`

/** Violations as lines: rule, element, what to do. */
export async function violations(page: Page): Promise<string[]> {
  // Not as a script of the page: its content-security policy would refuse it.
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(source)
  await page.evaluate(settle)
  const found = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  )
}

/** @throws Error with every violation on the page as it is. `name` says which page, in what state. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const found = await violations(page)
  if (found.length > 0) throw new Error(`${name}: ${found.length} violations of WCAG 2.2 AA\n${found.join('\n')}`)
}
