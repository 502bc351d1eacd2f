import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/planted.ts'

interface Lock {
  packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
const { missing } = (await import(new URL('../../.ci/complete-lock.mjs', import.meta.url).href)) as { missing(lock: Lock): string[][] }

describe('package-lock.json', () => {
  it('holds the optional packages of every platform (else: node .ci/complete-lock.mjs)', () => {
    expect(missing(lock).map(([, name]) => name)).toEqual([])
  })

  it('notices one that is missing', () => {
    const { ['node_modules/@biomejs/cli-linux-x64']: _gone, ...packages } = lock.packages
    expect(missing({ packages }).map(([, name]) => name)).toContain('@biomejs/cli-linux-x64')
  })

  it('names no registry', () => {
    expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([])
  })
})
