import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plant } from '../support/planted.ts'

const temporal = "import { setHandler, defineUpdate, proxyActivities, proxyLocalActivities } from '@temporalio/workflow'\n"

/** A file with one thing that its room must not do, and the rule that says so. */
const planted: [what: string, file: string, text: string, rule: string][] = [
  ['Node core in the rules', 'domain/core.ts', "import 'node:fs'", '@typescript-eslint/no-restricted-imports'],
  ['zod in the rules', 'domain/zod.ts', "import { z } from 'zod'\nexport const x = z", '@typescript-eslint/no-restricted-imports'],
  ['another room in the rules', 'domain/room.ts', "import '../prisma/client.ts'", '@typescript-eslint/no-restricted-imports'],
  ['the clock in the rules', 'domain/now.ts', 'export const x = Date.now()', 'no-restricted-syntax'],
  ['a date of now in the rules', 'domain/date.ts', 'export const x = new Date()', 'no-restricted-syntax'],
  ["the host's time zone in the rules", 'domain/zone.ts', 'export const x = new Date(5).getHours()', 'no-restricted-syntax'],
  ["the host's locale in the rules", 'domain/locale.ts', "export const x = 'a'.localeCompare('b')", 'no-restricted-syntax'],
  ['chance in the rules', 'domain/chance.ts', 'export const x = Math.random()', 'no-restricted-syntax'],
  ['the environment in the rules', 'domain/env.ts', 'export const x = process.env.X', 'no-restricted-globals'],
  ['a buffer in the rules', 'domain/buffer.ts', "export const x = Buffer.from('')", 'no-restricted-globals'],
  ['printing in the rules', 'domain/print.ts', "console.log('x')", 'no-restricted-globals'],
  ['the network in a body', 'workflows/fault/net.ts', "export const x = () => fetch('x')", 'no-restricted-globals'],
  ['an interval in a body', 'workflows/fault/interval.ts', 'setInterval(() => {}, 1)', 'no-restricted-globals'],
  ['a stopwatch in the shell', 'workflows/kit/shell-time.ts', 'export const x = performance.now()', 'no-restricted-globals'],
  ['a race in a body', 'workflows/fault/race.ts', 'export const x = () => Promise.race([])', 'no-restricted-syntax'],
  ['the clock in a body', 'workflows/fault/now.ts', 'export const x = Date.now()', 'no-restricted-syntax'],
  ['Temporal in a body', 'workflows/fault/temporal.ts', "import '@temporalio/workflow'", '@typescript-eslint/no-restricted-imports'],
  ['Temporal in the machine', 'workflows/kit/machine.ts', "import '@temporalio/workflow'", '@typescript-eslint/no-restricted-imports'],
  ['a client in the shell', 'workflows/kit/shell-client.ts', "import '@temporalio/client'", '@typescript-eslint/no-restricted-imports'],
  [
    'an activity in the shell',
    'workflows/kit/shell-act.ts',
    "import { a } from '../../activities/a.ts'\nexport const x = a",
    '@typescript-eslint/no-restricted-imports',
  ],
  [
    'an async validator',
    'workflows/kit/shell-arrow.ts',
    `${temporal}setHandler(defineUpdate<void, []>('a'), async () => {}, { validator: async () => {} })`,
    'no-restricted-syntax',
  ],
  [
    'an async validator, written as a method',
    'workflows/kit/shell-method.ts',
    `${temporal}setHandler(defineUpdate<void, []>('a'), async () => {}, { async validator() {} })`,
    'no-restricted-syntax',
  ],
  [
    'an async validator, written elsewhere',
    'workflows/kit/shell-named.ts',
    `${temporal}const check = async () => {}\nsetHandler(defineUpdate<void, []>('a'), async () => {}, { validator: check })`,
    '@typescript-eslint/no-misused-promises',
  ],
  [
    'a local activity',
    'workflows/kit/shell-local.ts',
    `${temporal}export const x = proxyLocalActivities({ startToCloseTimeout: 1 })`,
    'no-restricted-syntax',
  ],
  [
    'an activity without a time limit',
    'workflows/kit/shell-limit.ts',
    `${temporal}export const x = proxyActivities({})`,
    'temporal/workflow-require-activity-timeouts',
  ],
  ['HTTP in an activity', 'activities/http.ts', "import 'express'", '@typescript-eslint/no-restricted-imports'],
  ['a worker in the door', 'api/worker.ts', "import '@temporalio/worker'", '@typescript-eslint/no-restricted-imports'],
  ['the environment in the door', 'api/env.ts', 'export const x = process.env.X', 'no-restricted-syntax'],
  ['the environment in the record, taken apart', 'prisma/env.ts', 'const { X } = process.env\nexport const x = X', 'no-restricted-syntax'],
  ['a promise let go', 'api/floating.ts', 'export const x = async () => {}\nx()', '@typescript-eslint/no-floating-promises'],
  [
    'a promise as a condition',
    'api/condition.ts',
    'export const x = async () => true\nif (x()) throw new Error()',
    '@typescript-eslint/no-misused-promises',
  ],
  [
    'a case left out',
    'api/switch.ts',
    "export const x = (k: 'a' | 'b') => {\n  switch (k) {\n    case 'a':\n      return 1\n  }\n}",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  ['any', 'api/any.ts', 'export const x: any = 1', '@typescript-eslint/no-explicit-any'],
  [
    'a type imported as a value',
    'api/type.ts',
    "import { Request } from 'express'\nexport type X = Request",
    '@typescript-eslint/consistent-type-imports',
  ],
]

/** What the rules must leave alone. */
const lawful: Record<string, string> = {
  'domain/ok.ts': 'export const at = (ms: number) => new Date(ms).toISOString()',
  'workflows/fault/ok.ts':
    "export const body = async (order: { step(id: string): Promise<string> }) => {\n  while ((await order.step('repair')) !== 'fixed');\n  return 'closed'\n}",
  'workflows/kit/machine-ok.ts':
    "import type { A } from '../../activities/a.ts'\nexport const x = (all: Promise<A>[]) => Promise.race(all)",
  'workflows/kit/shell.ts': `${temporal}export const x = [proxyActivities({ startToCloseTimeout: 1 }), proxyLocalActivities, Date.now()]\nsetHandler(defineUpdate<void, []>('a'), async () => {}, { validator: () => {} })`,
  'activities/a.ts': 'export const a = Date.now()\nexport type A = number',
  'prisma/client.ts': 'declare function loadConfig(env: NodeJS.ProcessEnv): unknown\nexport const client = loadConfig(process.env)',
}

describe('the fences of the rooms', () => {
  const checkout = plant({ ...lawful, ...Object.fromEntries(planted.map(([, file, text]) => [file, text])) })
  const found = new Map<string, string[]>()

  beforeAll(() => {
    const { stdout, stderr } = checkout.run('eslint', ['.', '--format', 'json'])
    if (!stdout.startsWith('[')) throw new Error(`eslint did not run: ${stdout}${stderr}`)
    const files = JSON.parse(stdout) as { filePath: string; messages: { ruleId: string | null; message: string }[] }[]
    for (const { filePath, messages } of files) {
      found.set(
        filePath.slice(checkout.dir.length + 1),
        messages.map(({ ruleId, message }) => ruleId ?? message),
      )
    }
  })
  afterAll(() => checkout.remove())

  it.each(planted)('stop %s', (_what, file, _text, rule) => {
    expect(found.get(file)).toContain(rule)
  })

  it.each(Object.keys(lawful))('let %s pass', (file) => {
    expect(found.get(file)).toEqual([])
  })
})
