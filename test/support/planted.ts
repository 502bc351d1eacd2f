/** A small checkout of its own with the project's settings, to see that a check finds what is planted in it. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const settings = ['package.json', 'tsconfig.json', 'eslint.config.js', '.dependency-cruiser.cjs']

export interface Planted {
  dir: string
  /** Runs a program of node_modules/.bin there. */
  run(program: string, args: readonly string[], env?: Record<string, string>): { status: number | null; stdout: string; stderr: string }
  remove(): void
}

/** @param files text by path; the project's packages are at hand */
export function plant(files: Readonly<Record<string, string>>): Planted {
  const dir = mkdtempSync(join(tmpdir(), 'paidan-planted-'))
  for (const name of settings) copyFileSync(join(root, name), join(dir, name))
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, dirname(path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return {
    dir,
    run: (program, args, env = {}) => {
      const bin = join(root, 'node_modules', '.bin', program)
      // The runner's own variables (its pool, its colours) must not reach a runner inside it.
      const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|TEST$|FORCE_COLOR$)/.test(name)))
      const done = spawnSync(bin, args, { cwd: dir, env: { ...clean, NO_COLOR: '1', ...env }, encoding: 'utf8', maxBuffer: 64 << 20 })
      if (done.error) throw done.error
      return { status: done.status, stdout: done.stdout, stderr: done.stderr }
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}
