import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const probe = fileURLToPath(new URL('zone-probe.ts', import.meta.url))

async function resultsUnder(TZ: string) {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', probe], {
    env: { ...process.env, TZ },
    maxBuffer: 16_000_000,
  })
  return JSON.parse(stdout) as { summerOffset: number; results: unknown[][] }
}

it('results do not depend on the time zone of the process', { timeout: 60_000 }, async () => {
  const utc = await resultsUnder('UTC')
  const shanghai = await resultsUnder('Asia/Shanghai')
  const newYork = await resultsUnder('America/New_York')
  const apia = await resultsUnder('Pacific/Apia')
  // the processes really were in different zones
  expect([utc, shanghai, newYork, apia].map((r) => r.summerOffset)).toEqual([0, -480, 240, -780])
  expect(utc.results).toHaveLength(600)
  for (const other of [shanghai, newYork, apia]) expect(other.results).toEqual(utc.results)
})
