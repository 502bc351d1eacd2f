import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { describeVariable, variableNames, variables, type VariableName } from './variables.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Shape = { [K in VariableName]: (typeof variables)[K]['schema'] }
type Checked = z.output<z.ZodObject<Shape>>

/** Variables whose default follows from others, so that they are always set in the end. */
const computed = [
  'TEMPORAL_TLS',
  'COOKIE_SECURE',
  'PAIDAN_CACHE',
  'ATTACHMENTS_DIR',
  'CONSOLE_DIR',
  'ANCHOR_DIR',
] as const satisfies readonly VariableName[]
type Computed = (typeof computed)[number]

/** The whole configuration, under the names of the environment variables. Folders are absolute. */
export type Config = Readonly<Omit<Checked, Computed> & Required<{ [K in Computed]: NonNullable<Checked[K]> }>>

/** `Config` in which the named variables are certainly set. */
export type ConfigWith<R extends VariableName> = Config & { readonly [K in R]: NonNullable<Config[K]> }

/** A configuration that cannot be used. The message has one line per variable. */
export class ConfigError extends Error {
  readonly variables: readonly VariableName[]

  constructor(problems: readonly { name: VariableName; problem: string }[]) {
    const lines = problems.map(({ name, problem }) => `  ${name} ${problem}; allowed: ${describeVariable(name).allowed}`)
    super(['Configuration is wrong. Correct the environment or the file .env:', ...lines].join('\n'))
    this.name = 'ConfigError'
    this.variables = problems.map(({ name }) => name)
  }
}

const schema = z.object(Object.fromEntries(variableNames.map((name) => [name, variables[name].schema])) as Shape)

/**
 * Reads and checks the configuration.
 *
 * @param env where values come from; an empty value counts as unset
 * @param options.require variables that this program cannot do without
 * @param options.cwd folder that relative paths start from
 * @throws ConfigError which names every wrong variable and what is allowed
 */
export function loadConfig<R extends VariableName = never>(
  env: Environment = process.env,
  options: { require?: readonly R[]; cwd?: string } = {},
): ConfigWith<R> {
  const given = Object.fromEntries(variableNames.flatMap((name) => (env[name]?.trim() ? [[name, env[name].trim()]] : [])))
  const parsed = schema.safeParse(given)
  const problems: { name: VariableName; problem: string }[] = []
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0] as VariableName))
    for (const name of wrong) problems.push({ name, problem: `is ${shown(name, given[name] ?? '')}` })
  }
  for (const name of options.require ?? [])
    if (given[name] === undefined && !hasDefault(name)) problems.push({ name, problem: 'is not set' })
  if (given.TEMPORAL_TLS_CERT && !given.TEMPORAL_TLS_KEY)
    problems.push({ name: 'TEMPORAL_TLS_KEY', problem: 'is not set, but TEMPORAL_TLS_CERT is' })
  if (given.TEMPORAL_TLS_KEY && !given.TEMPORAL_TLS_CERT)
    problems.push({ name: 'TEMPORAL_TLS_CERT', problem: 'is not set, but TEMPORAL_TLS_KEY is' })
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems)

  const config = parsed.data
  const path = (value: string) => resolve(options.cwd ?? process.cwd(), value)
  const home = path(config.PAIDAN_HOME)
  return Object.freeze({
    ...config,
    PAIDAN_HOME: home,
    PAIDAN_CACHE: config.PAIDAN_CACHE ? path(config.PAIDAN_CACHE) : defaultCache(env),
    ATTACHMENTS_DIR: config.ATTACHMENTS_DIR ? path(config.ATTACHMENTS_DIR) : join(home, 'attachments'),
    ANCHOR_DIR: config.ANCHOR_DIR ? path(config.ANCHOR_DIR) : join(home, 'anchors'),
    CONSOLE_DIR: path(config.CONSOLE_DIR ?? 'dist/web'),
    ...(config.BANK_DIR && { BANK_DIR: path(config.BANK_DIR) }),
    TEMPORAL_TLS: config.TEMPORAL_TLS ?? [config.TEMPORAL_TLS_CERT, config.TEMPORAL_TLS_CA, config.TEMPORAL_API_KEY].some(Boolean),
    COOKIE_SECURE: config.COOKIE_SECURE ?? config.PUBLIC_URL?.startsWith('https:') ?? false,
  }) as ConfigWith<R>
}

/** Folder for downloaded binaries when PAIDAN_CACHE is unset: outside the checkout, so that a fresh clone finds them. */
export function defaultCache(env: Environment = process.env): string {
  return join(env.XDG_CACHE_HOME?.trim() || join(env.HOME?.trim() || homedir(), '.cache'), 'paidan')
}

/** Adds the values of the file `.env` to the process's environment; what is already set there wins. Without the file nothing happens. */
export function loadDotEnv(path = '.env'): void {
  if (existsSync(path)) process.loadEnvFile(path)
}

/** The configuration with secrets hidden, fit for a log. Unset variables are left out. */
export function redactConfig(config: Partial<Config>): Record<string, string | number | boolean> {
  const entries = variableNames.flatMap((name): [string, string | number | boolean][] => {
    const value = config[name]
    if (value === undefined) return []
    return [[name, describeVariable(name).secret ? redact(name, String(value)) : value]]
  })
  return Object.fromEntries(entries)
}

/** The configuration as `NAME=value` lines with secrets hidden, printed by each program at start. */
export function formatConfig(config: Partial<Config>): string {
  return Object.entries(redactConfig(config))
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

function hasDefault(name: VariableName): boolean {
  return schema.shape[name].safeParse(undefined).data !== undefined || (computed as readonly VariableName[]).includes(name)
}

function redact(name: VariableName, value: string): string {
  if (describeVariable(name).secret === 'all') return '***'
  // The greedy match up to the last @ is on purpose: an unescaped @ in a password must not show its rest.
  return value.replace(/:\/\/([^/?#:@]*):.*@/, '://$1:***@').replace(/([?&][^=&]*(?:password|secret|key|token)[^=&]*=)[^&]*/gi, '$1***')
}

function shown(name: VariableName, value: string): string {
  return describeVariable(name).secret ? 'not usable (value hidden)' : JSON.stringify(value)
}
