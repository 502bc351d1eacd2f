import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { acquireLock } from '../../../worker/stack/lock.ts'
import { movedFolder } from '../../../worker/stack/postgres-files.ts'
import { runningStack, withRunning } from '../../../worker/config/running.ts'

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'paidan-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

/** What the stack writes down while it starts and runs, by the stack's own hand. */
function running(home: string, parts = ['PostgreSQL', 'Temporal']) {
  const lock = acquireLock(home)
  for (const part of parts) lock.setPart(part, process.pid)
  mkdirSync(join(home, 'postgres'))
  writeFileSync(join(home, 'postgres', 'password'), 'secret\n')
  writeFileSync(join(home, 'ports.json'), JSON.stringify({ postgres: 5001, temporal: 7001, api: 3001 }))
  return lock
}

it('finds the servers of a running stack, once it is ready and as long as it runs', () => {
  const home = makeHome()
  expect(runningStack(home)).toBeUndefined()
  const lock = running(home)
  expect(runningStack(home)).toBeUndefined()
  lock.setAddress('http://127.0.0.1:3001')
  expect(runningStack(home)).toEqual({
    url: 'http://127.0.0.1:3001',
    env: { DATABASE_URL: 'postgresql://postgres:secret@127.0.0.1:5001/paidan', TEMPORAL_ADDRESS: '127.0.0.1:7001' },
  })
  lock.release()
  expect(runningStack(home)).toBeUndefined()
})

it('names only servers that the stack runs itself', () => {
  const home = makeHome()
  running(home, ['Temporal']).setAddress('http://127.0.0.1:3001')
  expect(runningStack(home)?.env).toEqual({ TEMPORAL_ADDRESS: '127.0.0.1:7001' })
})

it('does not take a killed stack for a running one', () => {
  const home = makeHome()
  writeFileSync(join(home, 'stack.lock'), JSON.stringify({ pid: 2 ** 22 + 1, identity: 'x', address: 'http://127.0.0.1:1', parts: [] }))
  expect(runningStack(home)).toBeUndefined()
  writeFileSync(join(home, 'stack.lock'), '{')
  expect(runningStack(home)).toBeUndefined()
})

it('finds the password where the stack has put the database: root’s may lie outside', () => {
  const home = makeHome()
  running(home).setAddress('http://127.0.0.1:3001')
  const dir = join(home, 'postgres')
  const moved = join('/var/tmp/paidan', createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 12))
  mkdirSync(moved, { recursive: true })
  onTestFinished(() => rmSync(moved, { recursive: true, force: true }))
  writeFileSync(join(moved, 'password'), 'elsewhere\n')
  const root = process.getuid?.() === 0
  expect(movedFolder(dir)).toBe(root ? moved : undefined)
  expect(runningStack(home)?.env.DATABASE_URL).toContain(root ? ':elsewhere@' : ':secret@')
})

it('lets the environment win, and takes an empty value for none', () => {
  const stack = { url: 'http://x', env: { DATABASE_URL: 'postgresql://stack', TEMPORAL_ADDRESS: 'stack:1' } }
  expect(withRunning({ DATABASE_URL: 'postgresql://mine', TEMPORAL_ADDRESS: ' ', PATH: '/bin' }, stack)).toEqual({
    DATABASE_URL: 'postgresql://mine',
    TEMPORAL_ADDRESS: 'stack:1',
    PATH: '/bin',
  })
  expect(withRunning({ A: '1' }, undefined)).toEqual({ A: '1' })
})
