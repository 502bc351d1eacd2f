/** All pages of docs/processes, by file name. */
import type { Process } from '../../workflows/kit/process.ts'
import { describe } from './describe.ts'
import { indexPage, processPage } from './markdown.ts'

export async function pages(processes: readonly Process[]): Promise<Map<string, string>> {
  const each = await Promise.all(
    processes.map(async (process) => [`${process.spec.id}.md`, processPage(process.spec, await describe(process))] as const),
  )
  return new Map([['README.md', indexPage(processes.map(({ spec }) => spec))], ...each])
}
