import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { freshFolder, sha256 } from './cache.ts'

/** Version of Temporal's production server, and of its module. */
export const SERVER_VERSION = '1.31.2'

const MODULE = 'go.temporal.io/server'
/** Commands of the module, and what they are called in the cache. */
const programs = { server: 'cmd/server', sql: 'cmd/tools/sql' } as const

/** The server, and the tool that brings its databases to its schema. */
export interface ServerPrograms {
  server: string
  sql: string
  route: 'cache' | 'built'
}

export interface BuildOptions {
  cacheDir: string
  env: NodeJS.ProcessEnv
  log: (line: string) => void
  signal?: AbortSignal
}

/**
 * Temporal's production server as its maintainers publish it, a Go module: from the cache, else built, which takes minutes and some
 * gigabytes, once. Go checks the sources against its checksum database; what was built is checked whenever it is used.
 *
 * @throws Error that says what is missing
 */
export async function findServerPrograms(options: BuildOptions): Promise<ServerPrograms> {
  const folder = join(options.cacheDir, `temporal-server-${SERVER_VERSION}-${process.platform}-${process.arch}`)
  const found = { server: join(folder, 'server'), sql: join(folder, 'sql') }
  if (existsSync(folder)) {
    for (const path of Object.values(found))
      if ((await sha256(path)) !== readFileSync(`${path}.sha256`, 'utf8').trim())
        throw new Error(`${path} is damaged. Delete ${folder}, and the next start builds it again.`)
    return { ...found, route: 'cache' }
  }
  await build(folder, options)
  return { ...found, route: 'built' }
}

async function build(folder: string, { cacheDir, env, log, signal }: BuildOptions): Promise<void> {
  const go = goOf(env)
  if (!go)
    throw new Error(
      `Temporal's production server is built from its Go module, and there is no go on PATH and none in /usr/local/go/bin. Install Go 1.26 or newer, or set TEMPORAL_ADDRESS to a server that runs.`,
    )
  const fresh = freshFolder(cacheDir)
  try {
    log(`building ${MODULE}@v${SERVER_VERSION} with ${go}; this takes minutes, once`)
    const packages = Object.values(programs).map((path) => `${MODULE}/${path}@v${SERVER_VERSION}`)
    await promisify(execFile)(go, ['install', ...packages], { env: { ...env, CGO_ENABLED: '0', GOBIN: fresh }, signal, maxBuffer: 1 << 26 })
    for (const name of Object.keys(programs)) writeFileSync(join(fresh, `${name}.sha256`), `${await sha256(join(fresh, name))}\n`)
    mkdirSync(dirname(folder), { recursive: true })
    try {
      renameSync(fresh, folder)
    } catch (error) {
      // Somebody else has built it meanwhile.
      if (!existsSync(folder)) throw error
    }
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    throw new Error(`Temporal's server could not be built: ${stderr?.trim().split('\n').slice(-5).join('\n') || message}`, { cause: error })
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function goOf(env: NodeJS.ProcessEnv): string | undefined {
  return [...(env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/local/go/bin']
    .map((folder) => join(folder, 'go'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
