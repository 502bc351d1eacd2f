/** A real Chromium for tests and screenshots: found, or got, or said clearly to be missing. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const executable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function onPath(): string | undefined {
  const { CHROMIUM_PATH, PATH = '' } = process.env
  if (CHROMIUM_PATH) return CHROMIUM_PATH
  return PATH.split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(executable)
}

const run = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** With Debian's packages, and fonts that can write Chinese. */
function byApt(): string | undefined {
  if (process.getuid?.() !== 0 || !run('apt-get', '--version')) return undefined
  run('apt-get', 'update', '-qq')
  return run('apt-get', 'install', '-y', '-qq', 'chromium', 'fonts-noto-cjk') ? onPath() : undefined
}

function byPlaywright(): string | undefined {
  const cli = join(createRequire(import.meta.url).resolve('playwright-core/package.json'), '..', 'cli.js')
  if (!run(process.execPath, cli, 'install', 'chromium')) return undefined
  const path = chromium.executablePath()
  return executable(path) ? path : undefined
}

/** @throws Error that says how to get one */
export function findChromium(): string {
  const found = onPath() ?? byApt() ?? byPlaywright()
  if (found) return found
  throw new Error(
    'The tests need Chromium. Install it (Debian: apt-get install chromium fonts-noto-cjk) or set CHROMIUM_PATH to the program of one.',
  )
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'] })
