import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { acquireLock, FolderHeldError, holderOf, leftOverOf } from '../../../worker/stack/lock.ts'
import { isRunning, processIdentity, refTo, stopProcess } from '../../../worker/stack/process.ts'
import { reset } from '../../../worker/stack/reset.ts'
import { testFolder } from './folder.ts'

async function sleeper(): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  await new Promise((resolve) => child.once('spawn', resolve))
  return child as ChildProcess & { pid: number }
}

/** A lock of a process that is gone, with parts that may still run. */
function staleLock(home: string, parts: { name: string; pid: number }[] = []): void {
  const recorded = parts.map((part) => ({ ...part, identity: processIdentity(part.pid) ?? 'gone' }))
  // Our own number with another start time: the number was given out again, as happens after a restart of the machine.
  writeFileSync(
    join(home, 'stack.lock'),
    JSON.stringify({ pid: process.pid, identity: 'before/1', token: 't', since: 's', parts: recorded }),
  )
}

describe('the lock of a folder', () => {
  it('says who holds it, since when and where', () => {
    const home = join(testFolder(), 'new')
    const lock = acquireLock(home)
    lock.setAddress('http://127.0.0.1:3000')
    const refused = caught(() => acquireLock(home))
    expect(refused).toBeInstanceOf(FolderHeldError)
    expect(refused.message).toMatch(
      new RegExp(`is in use by process ${process.pid}, since \\d{4}-\\d\\d-\\d\\dT.*, at http://127.0.0.1:3000`),
    )
    lock.release()
    acquireLock(home).release()
    expect(readdirSync(home)).toEqual([])
  })

  it('is taken over from a process that was killed, together with what that left running', async () => {
    const home = testFolder()
    const worker = await sleeper()
    staleLock(home, [
      { name: 'worker', pid: worker.pid },
      { name: 'API', pid: 999_999_999 },
    ])
    expect(holderOf(home)).toBeUndefined()
    expect(leftOverOf(home).map(({ name }) => name)).toEqual(['worker'])
    const lock = acquireLock(home)
    expect(lock.leftOver.map(({ name, pid }) => [name, pid])).toEqual([['worker', worker.pid]])
    // Killed again before it could stop anything: the next one must still know.
    expect(holderOf(home)?.parts.map(({ pid }) => pid)).toEqual([worker.pid])
    lock.setPart('worker', undefined)
    expect(holderOf(home)?.parts).toEqual([])
    lock.release()
  })

  it('that is damaged counts as left by a killed process', () => {
    const home = testFolder()
    writeFileSync(join(home, 'stack.lock'), '{"pid": 1')
    const lock = acquireLock(home)
    expect(holderOf(home)?.pid).toBe(process.pid)
    lock.release()
  })

  it('goes to exactly one of several that take over at once', async () => {
    const home = testFolder()
    staleLock(home)
    const program = `
      import { acquireLock } from ${JSON.stringify(new URL('../../../worker/stack/lock.ts', import.meta.url).href)}
      try { acquireLock(${JSON.stringify(home)}); console.log('held') } catch (error) { console.log(error.name) }
      setInterval(() => {}, 1000)`
    const run = () =>
      new Promise<string>((resolve) => {
        // Everyone lives until all have answered: a lock of one that has ended would rightly be taken.
        const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', program])
        onTestFinished(() => void child.kill('SIGKILL'))
        child.stdout.once('data', (chunk) => resolve(String(chunk).trim()))
        child.stderr.once('data', (chunk) => resolve(String(chunk)))
      })
    const results = await Promise.all(Array.from({ length: 6 }, run))
    expect(results.sort()).toEqual([...Array.from({ length: 5 }, () => 'FolderHeldError'), 'held'])
  })

  it('released by another does not fall', () => {
    const home = testFolder()
    const lock = acquireLock(home)
    staleLock(home)
    const other = acquireLock(home)
    lock.release()
    expect(existsSync(join(home, 'stack.lock'))).toBe(true)
    other.release()
  })
})

describe('processes', () => {
  it('are told apart by their start time', async () => {
    const child = await sleeper()
    const ref = refTo(child.pid)
    if (!ref) throw new Error('it runs')
    expect(isRunning(ref)).toBe(true)
    expect(isRunning({ ...ref, identity: `${ref.identity}0` })).toBe(false)
    expect(await stopProcess(ref, [['SIGTERM', 5_000]])).toBe(true)
    expect(isRunning(ref)).toBe(false)
    expect(refTo(child.pid)).toBeUndefined()
  })

  it('that do not heed a signal get the next one', async () => {
    const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'])
    onTestFinished(() => void child.kill('SIGKILL'))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const ref = refTo(child.pid as number)
    if (!ref) throw new Error('it runs')
    expect(await stopProcess(ref, [['SIGTERM', 200]])).toBe(false)
    const steps = [
      ['SIGTERM', 200],
      ['SIGKILL', 5_000],
    ] as const
    expect(await stopProcess(ref, steps)).toBe(true)
  })
})

describe('reset', () => {
  it('removes the folder, and says so', () => {
    const home = join(testFolder(), 'home')
    mkdirSync(join(home, 'postgres', 'data'), { recursive: true })
    expect(reset(home)).toEqual([home])
    expect(existsSync(home)).toBe(false)
    expect(reset(home)).toEqual([])
  })

  it('refuses while the folder is held, and stops nothing', () => {
    const home = testFolder()
    const lock = acquireLock(home)
    expect(() => reset(home)).toThrow(`in use by process ${process.pid}`)
    expect(existsSync(home)).toBe(true)
    lock.release()
  })

  it('refuses while something of a killed start runs, and stops nothing', async () => {
    const home = testFolder()
    const child = await sleeper()
    staleLock(home, [{ name: 'PostgreSQL', pid: child.pid }])
    expect(() => reset(home)).toThrow(`PostgreSQL (pid ${child.pid})`)
    expect(refTo(child.pid)).toBeDefined()
    expect(JSON.parse(readFileSync(join(home, 'stack.lock'), 'utf8'))).toMatchObject({ token: 't' })
  })

  it('does not touch a folder that is not ours', () => {
    const home = testFolder()
    writeFileSync(join(home, 'thesis.txt'), 'years of work')
    expect(() => reset(home)).toThrow('Is PAIDAN_HOME right?')
    expect(readFileSync(join(home, 'thesis.txt'), 'utf8')).toBe('years of work')
  })
})

function caught(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was refused')
}
