/** The short form of `npm run chaos`: 500 moves, 20 kills, every trouble that this machine allows. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { Report } from './report.ts'

it('loses and doubles nothing, and leaves nothing behind', async () => {
  const args = ['--import', 'tsx', 'test/chaos/main.ts', '--moves', '500', '--kills', '20', '--seed', '2', '--minutes', '3', '--json']
  // It says what it has found by its exit code; the report says what.
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 }).catch((error: { stdout: string }) => error)
  const line = stdout.split('\n').find((one) => one.startsWith('{'))
  const report = JSON.parse(line ?? JSON.stringify({ said: stdout })) as Report
  expect(report.findings).toEqual([])
  // A machine that is busy with other things as well comes as far as its three minutes take it.
  const kills = Object.values(report.kills).reduce((sum, n) => sum + n, 0)
  expect(kills).toBeGreaterThanOrEqual(report.interrupted ? 10 : 20)
  expect(Object.keys(report.kills).sort()).toEqual(['api', 'postgresql', 'stack', 'temporal', 'worker', 'worker-2'])
  expect(Object.keys(report.troubles).length).toBeGreaterThanOrEqual(4)
  expect(report.acknowledged).toBeGreaterThanOrEqual(report.interrupted ? 100 : 500)
  expect(report.orders).toBeGreaterThan(20)
  expect(report.rungs).toBeGreaterThan(0)
  // Whatever was killed, it came back, and somebody got on.
  for (const [kind, { up, served }] of Object.entries(report.recovery)) {
    expect([kind, up.n]).toEqual([kind, report.kills[kind]])
    expect([kind, served.n]).toEqual([kind, report.kills[kind]])
  }
}, 420_000)
