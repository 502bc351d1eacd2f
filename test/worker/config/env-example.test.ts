import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { loadConfig, loadDotEnv } from '../../../worker/config/config.ts'
import { envExample } from '../../../worker/config/env-example.ts'
import { temporalConnectionOptions } from '../../../worker/config/temporal.ts'
import { variableNames } from '../../../worker/config/variables.ts'

describe('.env.example', () => {
  it('is current (npm run env:example)', () => {
    expect(readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')).toBe(envExample())
  })

  it('names every variable, each commented out', () => {
    expect(parseEnv(envExample())).toEqual({})
    expect(Object.keys(uncommented()).sort()).toEqual([...variableNames].sort())
  })

  it('holds only values that are accepted', () => {
    expect(() => loadConfig(uncommented())).not.toThrow()
  })
})

const uncommented = () => parseEnv(envExample().replaceAll(/^#(?=[A-Z_]+=)/gm, '')) as Record<string, string>

describe('files that the configuration names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paidan-config-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(() => {
    rmSync(join(folder, '.env'), { force: true })
    delete process.env.PAIDAN_TEST_A
    delete process.env.PAIDAN_TEST_B
  })

  it('.env adds to the environment and does not override it', () => {
    writeFileSync(join(folder, '.env'), 'PAIDAN_TEST_A=file\nPAIDAN_TEST_B=file\n')
    process.env.PAIDAN_TEST_A = 'process'
    loadDotEnv(join(folder, '.env'))
    expect([process.env.PAIDAN_TEST_A, process.env.PAIDAN_TEST_B]).toEqual(['process', 'file'])
  })

  it('.env need not be there', () => {
    expect(() => loadDotEnv(join(folder, '.env'))).not.toThrow()
  })

  it('certificates are read for the connection to Temporal', () => {
    const file = (name: string) => {
      writeFileSync(join(folder, name), name)
      return join(folder, name)
    }
    const env = { TEMPORAL_ADDRESS: 'h:7233', TEMPORAL_TLS_CERT: file('crt'), TEMPORAL_TLS_KEY: file('key'), TEMPORAL_TLS_CA: file('ca') }
    const options = temporalConnectionOptions(loadConfig(env, { require: ['TEMPORAL_ADDRESS'] }))
    expect(options).toEqual({
      address: 'h:7233',
      tls: { serverRootCACertificate: Buffer.from('ca'), clientCertPair: { crt: Buffer.from('crt'), key: Buffer.from('key') } },
    })
    const missing = loadConfig({ ...env, TEMPORAL_TLS_CA: join(folder, 'none') }, { require: ['TEMPORAL_ADDRESS'] })
    expect(() => temporalConnectionOptions(missing)).toThrow(/TEMPORAL_TLS_CA names .*none/)
  })

  it('an API key means TLS without files, and nothing means no TLS', () => {
    const connect = (env: Record<string, string>) =>
      temporalConnectionOptions(loadConfig({ TEMPORAL_ADDRESS: 'h:1', ...env }, { require: ['TEMPORAL_ADDRESS'] }))
    expect(connect({ TEMPORAL_API_KEY: 'k' })).toEqual({ address: 'h:1', apiKey: 'k', tls: true })
    expect(connect({})).toEqual({ address: 'h:1', tls: false })
  })
})
