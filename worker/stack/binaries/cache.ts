import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Tool } from './tools.ts'

interface Cache {
  cacheDir: string
  platform: string
}

const DAY = 24 * 3_600_000

/** Where a tool's program is kept; the version is part of the path, so that several checkouts share one cache. */
export function cachedPath(tool: Tool, { cacheDir, platform }: Cache): string {
  return join(cacheDir, `${tool.command}-${tool.version}-${platform}`, tool.command)
}

/** An empty folder for one download. Folders that killed downloads left behind are removed. */
export function freshFolder(cacheDir: string): string {
  mkdirSync(cacheDir, { recursive: true })
  for (const name of readdirSync(cacheDir)) {
    const path = join(cacheDir, name)
    if (name.startsWith('.download-') && Date.now() - statSync(path).mtimeMs > DAY) rmSync(path, { recursive: true, force: true })
  }
  return mkdtempSync(join(cacheDir, '.download-'))
}

/** Puts a checked program into the cache. Whoever looks meanwhile sees the old file or the whole new one. */
export async function install(tool: Tool, cache: Cache, program: string): Promise<string> {
  const target = cachedPath(tool, cache)
  mkdirSync(dirname(target), { recursive: true })
  const fresh = `${target}.${process.pid}.new`
  try {
    copyFileSync(program, fresh)
    chmodSync(fresh, 0o755)
    writeFileSync(`${target}.sha256`, `${await sha256(fresh)}\n`)
    renameSync(fresh, target)
  } finally {
    rmSync(fresh, { force: true })
  }
  return target
}

/** SHA-256 of a file, in hex. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
