/** What `npm run processes` and `npm run docs:processes` give. */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { describe as described } from '../../cli/tables/describe.ts'
import { pages } from '../../cli/tables/pages.ts'
import { columns, processText, width } from '../../cli/tables/terminal.ts'
import { processes } from '../../workflows/processes.ts'
import { documented, routes } from '../domain/processes/catalogue.ts'

const root = new URL('../../', import.meta.url)
const run = promisify(execFile)
const command = (...args: string[]) => run(process.execPath, ['--import', 'tsx', 'cli/processes.ts', ...args], { cwd: root })

describe('npm run processes', () => {
  it('prints the shape of the catalogue with --json', async () => {
    const { stdout } = await command('--json')
    const printed = JSON.parse(stdout) as Awaited<ReturnType<typeof described>>[]
    expect(printed.map(({ no, id }) => [no, id])).toEqual(documented.map(({ no, id }) => [no, id]))
    for (const [i, { steps, differences }] of printed.entries()) {
      const doc = documented[i]!
      const same = (row: string) => !differences.some(({ step, outcome }) => row.startsWith(`${step} = ${outcome} `))
      expect(routes(steps).filter(same)).toEqual(routes(doc.steps).filter(same))
      // A step that differs by being there at all is declared; the others stand in the catalogue's order.
      const own = steps.filter(({ id }) => doc.steps.some((other) => other.id === id) || !differences.some(({ step }) => step === id))
      expect(own.map(({ id }) => id)).toEqual(doc.steps.map(({ id }) => id))
      for (const [j, step] of own.entries()) {
        const { id, limit } = doc.steps[j]!
        expect(Object.keys(step)).toEqual(expect.arrayContaining(['id', 'zh', 'roles', 'outcomes', 'outcomesText', 'limit', 'mapping']))
        // A child has the limits of its own process; a limit that the document only points at has no row of its own.
        if (id !== 'repair-fault' && step.limit !== '–') expect(step.limit).toBe(limit.replaceAll('**', ''))
      }
    }
    expect(printed[3]!.differences.map(({ step, outcome }) => `${step}=${outcome}`)).toEqual([
      'draft-contract=drafted',
      'countersign-business=agreed',
      'countersign-finance=agreed',
    ])
  })

  it('prints one process by number or name, and says what there is otherwise', async () => {
    const { stdout } = await command('P-13')
    expect(stdout).toMatch(/^P-13 fault-level-2 {2}二级故障处理流程 · Level-2 fault\n/)
    expect(stdout).toMatch(
      /4 +implement-solution +maintenance-dept, kac-staff +1天 \(inferred\) +fixed → decide-compensation; not-fixed → make-solution\n/,
    )
    const failed = await command('P-99').then(
      () => undefined,
      (error: { code: number; stderr: string; stdout: string }) => error,
    )
    expect(failed).toMatchObject({ code: 1, stdout: '' })
    expect(failed!.stderr).toMatch(/^no process P-99; there are P-01 order-fulfilment, /)
  })

  it('counts a Chinese character as two columns', async () => {
    expect(width('半天 (inferred)')).toBe(15)
    expect(
      columns([
        ['半天', 'x'],
        ['1 WD', 'y'],
        ['–', 'z'],
      ]),
    ).toEqual(['半天  x', '1 WD  y', '–     z'])
    const text = processText(await described(processes[3]!))
    expect(text).toContain('differs on purpose: draft-contract = drafted: Joint countersign')
  })
})

describe('docs/processes', () => {
  const folder = new URL('docs/processes/', root)

  it('is what npm run docs:processes writes', async () => {
    const written = await pages(processes)
    expect((await readdir(folder)).sort()).toEqual([...written.keys()].sort())
    for (const [name, text] of written)
      expect(await readFile(new URL(name, folder), 'utf8'), `${name} is not current: run npm run docs:processes`).toBe(text)
  })

  it('has every step, form field, limit and end of every process', async () => {
    const written = await pages(processes)
    for (const { spec } of processes) {
      const page = written.get(`${spec.id}.md`)!
      for (const [id, { outcomes, limit }] of Object.entries(spec.steps)) {
        expect(page).toContain(`| \`${id}\` |`)
        if (limit) expect(page).toContain(`| \`${id}\` | ${limit.text} | ${limit.budget ?? ''}`.trimEnd())
        for (const { form } of Object.values(outcomes))
          for (const name of Object.keys(form ?? {})) expect(page).toContain(`| \`${name}\` |`)
      }
      for (const end of Object.keys(spec.ends)) expect(page).toContain(`- \`${end}\` `)
    }
  })

  it('draws every edge of the computed graph', async () => {
    const written = await pages(processes)
    for (const process of processes) {
      const page = written.get(`${process.spec.id}.md`)!
      const { steps, first } = await described(process)
      const arrows = [...page.matchAll(/^ {2}s\d+ -->\|"([^"]+)"\| /gm)].flatMap(([, outcomes]) => outcomes!.split(' / '))
      expect(arrows.sort()).toEqual(steps.flatMap(({ outcomes }) => outcomes.map(({ outcome }) => outcome)).sort())
      expect(page.match(/^ {2}start --> /gm)).toHaveLength(first.length)
    }
  })
})
