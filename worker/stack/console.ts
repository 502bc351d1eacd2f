/** Builds the console: only when what it is made of has changed, and never half. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What goes into it. */
const sources = ['web', 'domain', 'api/schemas', 'package-lock.json']
const STAMP = '.sources-sha256'

/**
 * @param root the product's folder; `dist/web` below it is where the console is
 * @returns what was done, in words
 * @throws Error with what the build said
 */
export async function buildConsole(root: string = process.cwd()): Promise<string> {
  const place = join(root, 'dist', 'web')
  const stamp = join(place, STAMP)
  const wanted = digest(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'built already'
  const made = `${place}.${process.pid}`
  const vite = join(createRequire(join(root, 'package.json')).resolve('vite/package.json'), '..', 'bin', 'vite.js')
  try {
    await run(process.execPath, [vite, 'build', 'web', '--outDir', made, '--logLevel', 'warn'], root)
    writeFileSync(join(made, STAMP), wanted)
    rmSync(place, { recursive: true, force: true })
    renameSync(made, place)
  } catch (error) {
    // Somebody else built the same in the meantime.
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'built already'
    throw error
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
  return 'built'
}

function digest(root: string): string {
  const hash = createHash('sha256')
  const add = (path: string) => {
    const entries =
      existsSync(join(root, path)) && !/\.\w+$/.test(path) ? readdirSync(join(root, path), { withFileTypes: true }) : undefined
    if (!entries) return hash.update(path).update(readFileSync(join(root, path)))
    for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) add(`${path}/${name}`)
  }
  for (const source of sources) add(source)
  return hash.digest('hex')
}

function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: 'production' } })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`The console could not be built:\n${said}`))))
  })
}
