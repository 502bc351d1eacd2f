import { describe, expect, it } from 'vitest'
import { ConfigError, defaultCache, formatConfig, loadConfig, redactConfig } from '../../../worker/config/config.ts'
import { describeVariable, variableNames } from '../../../worker/config/variables.ts'

const load = (env: Record<string, string>) => loadConfig(env, { cwd: '/work' })

/** A wrong value of every variable that can have one. */
const wrong: Record<string, string[]> = {
  DATABASE_URL: ['mysql://a:geheim@h/d', 'localhost:5432', 'postgresql://two words'],
  DB_POOL_MAX: ['0', 'many', '2.5'],
  TEMPORAL_ADDRESS: ['localhost', 'http://h:7233', 'h:port', 'a b:1'],
  TEMPORAL_TLS: ['maybe', '2'],
  MAX_CACHED_WORKFLOWS: ['-1', 'Infinity'],
  PORT: ['0', '65536', '3000x', 'http'],
  MAX_REQUESTS: ['0', 'few'],
  DRAIN_NOTICE_MS: ['-1'],
  DRAIN_LIMIT_MS: ['1.5'],
  PUBLIC_URL: ['paidan.example', 'ftp://paidan.example'],
  COOKIE_SECURE: ['strict'],
  SESSION_HOURS: ['0', '-2', '10000', 'twelve'],
  LOG_LEVEL: ['loud', 'INFO'],
  OTEL_EXPORTER_OTLP_ENDPOINT: ['collector:4318'],
  METRICS_PORT: ['70000'],
  SMTP_URL: ['mail.example:25', 'http://mail.example'],
}

describe('loadConfig', () => {
  it('needs nothing', () => {
    const config = load({ HOME: '/home/li' })
    expect(config).toMatchObject({
      TEMPORAL_NAMESPACE: 'default',
      TASK_QUEUE: 'paidan',
      HOST: '127.0.0.1',
      PORT: 3000,
      MAX_CACHED_WORKFLOWS: 4000,
      TEMPORAL_TLS: false,
      COOKIE_SECURE: false,
      PAIDAN_HOME: '/work/.paidan',
      ATTACHMENTS_DIR: '/work/.paidan/attachments',
      CONSOLE_DIR: '/work/dist/web',
      PAIDAN_CACHE: '/home/li/.cache/paidan',
    })
    expect(config.DATABASE_URL).toBeUndefined()
  })

  it('gives values their types, and takes an empty one for unset', () => {
    const config = load({
      PORT: ' 8080 ',
      SESSION_HOURS: '0.5',
      COOKIE_SECURE: 'yes',
      SMTP_URL: '',
      LOG_LEVEL: 'debug',
      PAIDAN_HOME: '/data',
    })
    expect(config).toMatchObject({
      PORT: 8080,
      SESSION_HOURS: 0.5,
      COOKIE_SECURE: true,
      LOG_LEVEL: 'debug',
      ATTACHMENTS_DIR: '/data/attachments',
      CONSOLE_DIR: '/work/dist/web',
    })
    expect(config.SMTP_URL).toBeUndefined()
  })

  it.each(Object.entries(wrong).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    'refuses %s=%s',
    (name, value) => {
      const failure = caught(() => load({ [name]: value }))
      expect(failure.variables).toEqual([name])
      expect(failure.message).toContain(`${name} is `)
      expect(failure.message).toContain(describeVariable(name as 'PORT').allowed)
    },
  )

  it('names every wrong variable at once', () => {
    expect(caught(() => load({ PORT: 'x', LOG_LEVEL: 'y' })).variables).toEqual(['PORT', 'LOG_LEVEL'])
  })

  it('never shows a secret that it refuses', () => {
    expect(caught(() => load({ DATABASE_URL: 'mysql://a:geheim@h/d' })).message).not.toContain('geheim')
    expect(caught(() => load({ SMTP_URL: 'smtp:/u:geheim@h' })).message).not.toContain('geheim')
  })

  it('asks for what a program cannot do without', () => {
    const failure = caught(() => loadConfig({ TEMPORAL_ADDRESS: 'h:7233' }, { require: ['DATABASE_URL', 'TEMPORAL_ADDRESS'] }))
    expect(failure.variables).toEqual(['DATABASE_URL'])
    expect(failure.message).toContain('DATABASE_URL is not set')
    expect(loadConfig({ WORKFLOW_BUNDLE: 'b.js' }, { require: ['WORKFLOW_BUNDLE', 'PORT', 'PAIDAN_CACHE'] }).WORKFLOW_BUNDLE).toBe('b.js')
    expect(caught(() => loadConfig({}, { require: ['WORKFLOW_BUNDLE'] })).variables).toEqual(['WORKFLOW_BUNDLE'])
  })

  it('wants certificate and key together', () => {
    expect(caught(() => load({ TEMPORAL_TLS_CERT: 'c.pem' })).variables).toEqual(['TEMPORAL_TLS_KEY'])
    expect(caught(() => load({ TEMPORAL_TLS_KEY: 'k.pem' })).variables).toEqual(['TEMPORAL_TLS_CERT'])
  })

  it('derives what follows from other variables, unless it is said', () => {
    expect(load({ TEMPORAL_API_KEY: 'k' }).TEMPORAL_TLS).toBe(true)
    expect(load({ TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'off' }).TEMPORAL_TLS).toBe(false)
    expect(load({ PUBLIC_URL: 'https://paidan.example' }).COOKIE_SECURE).toBe(true)
    expect(load({ PUBLIC_URL: 'https://paidan.example', COOKIE_SECURE: 'false' }).COOKIE_SECURE).toBe(false)
    expect(defaultCache({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/paidan')
  })

  it('accepts IPv6 and names as the address of Temporal', () => {
    for (const TEMPORAL_ADDRESS of ['[::1]:7233', 'ns.acct.tmprl.example:7233', '10.0.0.1:7233']) {
      expect(load({ TEMPORAL_ADDRESS }).TEMPORAL_ADDRESS).toBe(TEMPORAL_ADDRESS)
    }
  })
})

describe('printing', () => {
  it.each([
    ['postgresql://paidan:geheim@db:5432/p', 'postgresql://paidan:***@db:5432/p'],
    ['postgresql://paidan:ge@he/im@db/p', 'postgresql://paidan:***@db/p'],
    ['postgresql://db/p?user=a&password=geheim&sslmode=require', 'postgresql://db/p?user=a&password=***&sslmode=require'],
    ['postgresql://db/p', 'postgresql://db/p'],
  ])('hides the password in %s', (DATABASE_URL, shown) => {
    expect(redactConfig({ DATABASE_URL }).DATABASE_URL).toBe(shown)
  })

  it('hides keys and prints the rest', () => {
    const lines = formatConfig(load({ TEMPORAL_API_KEY: 'geheim', SMTP_URL: 'smtps://u:geheim@mail:465', PORT: '1234' })).split('\n')
    expect(lines).toContain('TEMPORAL_API_KEY=***')
    expect(lines).toContain('SMTP_URL=smtps://u:***@mail:465')
    expect(lines).toContain('PORT=1234')
    expect(lines.join()).not.toContain('geheim')
  })

  it('treats every variable that looks like a secret as one', () => {
    const suspicious = variableNames.filter(
      (name) => /KEY$|PASSWORD|SECRET|TOKEN|^(DATABASE|SMTP)_URL$/.test(name) && name !== 'TEMPORAL_TLS_KEY',
    )
    for (const name of suspicious) expect(describeVariable(name).secret, name).toBeDefined()
  })
})

function caught(work: () => unknown): ConfigError {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return error as ConfigError
  }
  throw new Error('nothing was refused')
}
