/** Small fault lists on disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface Files {
  train: string[]
  event_type: string[]
  resource_type: string[]
  severity_type: string[]
  log_feature: string[]
}

const headers: Readonly<Record<keyof Files, string>> = {
  train: 'id,location,fault_severity',
  event_type: 'id,event_type',
  resource_type: 'id,resource_type',
  severity_type: 'id,severity_type',
  log_feature: 'id,log_feature,volume',
}

/** A good list of `n` faults, from number 1. */
export function goodFiles(n: number): Files {
  const rows = (row: (id: number) => string) => Array.from({ length: n }, (_, i) => row(i + 1))
  return {
    train: rows((id) => `${id},location ${id % 40 || 1},${id % 3}`),
    event_type: rows((id) => `${id},event_type ${(id % 54) + 1}`),
    resource_type: rows((id) => `${id},resource_type ${(id % 10) + 1}`),
    severity_type: rows((id) => `${id},severity_type ${(id % 5) + 1}`),
    log_feature: rows((id) => `${id},feature ${id},${id}`),
  }
}

/** Writes a list into a folder of its own, which goes with the test. `whole` replaces a file's text, undefined leaves it out. */
export function writeList(files: Files, whole: Partial<Record<keyof Files, string | null>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'paidan-faults-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of Object.keys(headers) as (keyof Files)[]) {
    const text = name in whole ? whole[name] : `${[headers[name], ...files[name]].join('\n')}\n`
    if (text !== null && text !== undefined) writeFileSync(join(folder, `${name}.csv`), text)
  }
  return folder
}
