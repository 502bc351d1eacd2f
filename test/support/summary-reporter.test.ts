import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { plant, root } from './planted.ts'

const file = (text: string): string => `import { beforeAll, it } from 'vitest'\n${text}\n`
const pass = "it('a', () => {})"
const fail = "it('b', () => { throw new Error('planted') })"

const checkout = plant({
  'vitest.config.ts': `import { defineConfig } from 'vitest/config'
export default defineConfig({
  test: {
    include: ['runs/*.test.ts'],
    reporters: ['default', ${JSON.stringify(join(root, 'test/support/summary-reporter.ts'))}],
    globalSetup: process.env.SETUP ? './setup.ts' : [],
  },
})`,
  'setup.ts': `export default () => {
  if (process.env.SETUP === 'fails') throw new Error('planted: no server')
  return () => { process.exitCode = 1 }
}`,
  'runs/good.test.ts': file(pass),
  'runs/mixed.test.ts': file(`${pass}\n${fail}`),
  'runs/skipping.test.ts': file(`${pass}\nit.skip('c', () => {})\nit.todo('d')`),
  'runs/broken.test.ts': file("import './gone.ts'"),
  'runs/hook.test.ts': file(`beforeAll(() => { throw new Error('planted') })\n${pass}`),
  'runs/unhandled.test.ts': file("it('a', () => { void Promise.reject(new Error('planted')) })"),
})
afterAll(() => checkout.remove())

const run = (args: string[], env: Record<string, string> = {}) => {
  const { status, stdout } = checkout.run('vitest', ['run', ...args], env)
  return { status, last: stdout.trimEnd().split('\n').at(-1) }
}

describe('the last line of a run', () => {
  it.each([
    ['all is well', ['good'], {}, '1 passed, 0 failed', 0],
    ['a test fails', ['good', 'mixed'], {}, '2 passed, 1 failed', 1],
    ['tests are skipped', ['skipping'], {}, '1 passed, 2 failed', 1],
    ['tests are skipped by -t', ['skipping', '-t', 'a'], {}, '1 passed, 0 failed', 0],
    ['a file does not load', ['good', 'broken'], {}, '1 passed, 1 failed', 1],
    ['a promise is rejected unseen', ['unhandled'], {}, '1 passed, 1 failed', 1],
    ['there is no test', ['nothing-of-that-name'], {}, '0 passed, 1 failed', 1],
    ['the servers do not start', ['good'], { SETUP: 'fails' }, '0 passed, 1 failed', 1],
    ['the servers do not stop', ['good'], { SETUP: 'does not stop' }, '1 passed, 1 failed', 1],
  ])('is true when %s', (_what, args, env, last, status) => {
    expect(run(args, env as Record<string, string>)).toEqual({ last, status })
  })

  it('counts what did not run because a hook failed', () => {
    const { last, status } = run(['hook'])
    expect(status).toBe(1)
    expect(last).toMatch(/^0 passed, [12] failed$/)
  })
})
