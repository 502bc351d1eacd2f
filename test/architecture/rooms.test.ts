import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plant } from '../support/planted.ts'

/** A small product that keeps to the table of rooms. */
const lawful = {
  'domain/rule.ts':
    "import { sha256 } from '@noble/hashes/sha2.js'\nimport { Temporal } from 'temporal-polyfill'\nexport const rule = [sha256, Temporal]",
  'domain/text.ts': 'export const text = 1',
  'worker/config/config.ts': "import { join } from 'node:path'\nimport { z } from 'zod'\nexport const config = [join, z]",
  'prisma/client.ts':
    "import pg from 'pg'\nimport { text } from '../domain/text.ts'\nimport { config } from '../worker/config/config.ts'\nexport const client = [pg, text, config]",
  'activities/index.ts':
    "import { client } from '../prisma/client.ts'\nexport const activities = [client]\nexport interface Hands { a: string }",
  'workflows/kit/messages.ts': "import { defineUpdate } from '@temporalio/workflow'\nexport const act = defineUpdate('act')",
  'workflows/kit/shell.ts':
    "import { sleep } from '@temporalio/workflow'\nimport type { Hands } from '../../activities/index.ts'\nimport { body } from '../fault/body.ts'\nexport const shell = [sleep, body] as unknown as Hands",
  'workflows/fault/body.ts': "import { text } from '../../domain/text.ts'\nexport const body = text",
  'api/engine.ts':
    "import { Client } from '@temporalio/client'\nimport type { act } from '../workflows/kit/messages.ts'\nexport const engine = Client as unknown as typeof act",
  'api/app.ts':
    "import express from 'express'\nimport { rule } from '../domain/rule.ts'\nimport { client } from '../prisma/client.ts'\nimport { body } from '../workflows/fault/body.ts'\nimport { engine } from './engine.ts'\nexport const app = [express, rule, client, body, engine]",
  'worker/main.ts':
    "import { Worker } from '@temporalio/worker'\nimport { activities } from '../activities/index.ts'\nexport const main = [Worker, activities]",
  'cli/import.ts': "import { app } from '../api/app.ts'\nexport const run = app",
  'test/support/help.ts': 'export const help = 1',
}

/** What is planted, the file that does it, and the rules that must answer: edge by edge, and over any number of steps. */
const violations: [what: string, file: string, text: string, edges: string[], reached: string[]][] = [
  ['Node core in the rules', 'domain/core.ts', "import 'node:fs'", ['domain-imports'], ['domain-reaches']],
  ['zod in the rules, as a type', 'domain/zod.ts', "import type { z } from 'zod'\nexport type Z = z.ZodType", ['domain-imports-types'], []],
  ['the record in the rules', 'domain/record.ts', "export { client } from '../prisma/client.ts'", ['domain-imports'], ['domain-reaches']],
  [
    'an activity in a workflow, beside its types',
    'workflows/kit/shell-activity.ts',
    "import type { Hands } from '../../activities/index.ts'\nimport { activities } from '../../activities/index.ts'\nexport const x = activities as unknown as Hands",
    ['workflows-imports'],
    ['workflows-reach'],
  ],
  ['Node core in a workflow', 'workflows/kit/shell-core.ts', "import 'node:crypto'", ['workflows-imports'], ['workflows-reach']],
  ['the calendar in a workflow', 'workflows/fault/calendar.ts', "export { rule } from '../../domain/rule.ts'", [], ['workflows-reach']],
  [
    'the types of the door in a workflow',
    'workflows/fault/door.ts',
    "import type { app } from '../../api/app.ts'\nexport type A = typeof app",
    ['workflows-imports-types'],
    [],
  ],
  [
    'Temporal in a body',
    'workflows/fault/sleep.ts',
    "export { sleep } from '@temporalio/workflow'",
    ['workflows-shell-alone-knows-temporal'],
    [],
  ],
  ['HTTP in an activity', 'activities/http.ts', "import 'express'", ['activities-packages'], []],
  ['the door in an activity', 'activities/door.ts', "export { app } from '../api/app.ts'", ['activities-imports'], []],
  ['sandbox code in the door', 'api/sandbox.ts', "export { shell } from '../workflows/kit/shell.ts'", [], ['programs-reach-no-shell']],
  ['a second Temporal client', 'api/client.ts', "import '@temporalio/client'", ['api-one-client'], []],
  ['a worker in the door', 'api/worker.ts', "import '@temporalio/worker'", ['api-packages'], []],
  [
    'workflow code in the worker',
    'worker/import.ts',
    "export { shell } from '../workflows/kit/shell.ts'",
    ['worker-imports'],
    ['programs-reach-no-shell'],
  ],
  [
    'the rules in the configuration',
    'worker/config/rules.ts',
    "export { text } from '../../domain/text.ts'",
    ['worker-config-imports'],
    ['config-is-a-leaf'],
  ],
  ['HTTP in the record', 'prisma/http.ts', "import 'express'", ['prisma-packages'], []],
  ['an activity in the record', 'prisma/activity.ts', "export { activities } from '../activities/index.ts'", ['prisma-imports'], []],
  ['the door in the console', 'web/door.ts', "export { app } from '../api/app.ts'", ['web-imports'], []],
  [
    'test support in the product',
    'worker/help.ts',
    "export { help } from '../test/support/help.ts'",
    ['nobody-imports-test', 'worker-imports'],
    ['product-reaches-no-test'],
  ],
  [
    'a terminal program as a library',
    'api/program.ts',
    "export { run } from '../cli/import.ts'",
    ['api-imports', 'nobody-imports-cli'],
    [],
  ],
  ['a package that is not declared', 'api/undeclared.ts', "import 'acorn'", ['declared'], []],
  ['a development package', 'api/development.ts', "import 'supertest'", ['no-development-packages'], []],
  ['an import that leads nowhere', 'api/nowhere.ts', "import './gone.ts'", ['api-imports', 'resolvable'], []],
  ['a cycle', 'api/cycle.ts', "export { other } from './recycle.ts'\nexport const one = 1", ['no-cycles'], []],
  ['no cycle where a type points back', 'api/types.ts', "export { other } from './types-other.ts'\nexport type One = 1", [], []],
]

const others = {
  'api/recycle.ts': "export { one } from './cycle.ts'\nexport const other = 1",
  'api/types-other.ts': "import type { One } from './types.ts'\nexport const other = 1 as One",
}

describe('the table of rooms', () => {
  const planted = plant({ ...lawful, ...others, ...Object.fromEntries(violations.map(([, file, text]) => [file, text])) })
  const found: Record<'edges' | 'runtime', Map<string, string[]>> = { edges: new Map(), runtime: new Map() }

  beforeAll(() => {
    for (const graph of ['edges', 'runtime'] as const) {
      const { stdout, stderr } = planted.run('depcruise', ['.', '--output-type', 'json'], { ARCH_GRAPH: graph })
      if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser did not run: ${stdout}${stderr}`)
      const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } }
      for (const { from, rule } of summary.violations) {
        found[graph].set(from, [...new Set([...(found[graph].get(from) ?? []), rule.name])].sort())
      }
    }
  })
  afterAll(() => planted.remove())

  it.each(violations)('finds %s', (_what, file, _text, edges, reached) => {
    expect({ edges: found.edges.get(file) ?? [], reached: found.runtime.get(file) ?? [] }).toEqual({ edges, reached })
  })

  it('lets what is lawful pass', () => {
    for (const file of Object.keys(lawful))
      expect([file, found.edges.get(file), found.runtime.get(file)]).toEqual([file, undefined, undefined])
  })
})
