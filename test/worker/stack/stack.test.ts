/** The whole of `npm start`, with real servers; stand-ins for the worker and the API keep it short. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { acquireLock, holderOf, leftOverOf } from '../../../worker/stack/lock.ts'
import { freePort } from '../../../worker/stack/ports.ts'
import { refTo } from '../../../worker/stack/process.ts'
import { reset } from '../../../worker/stack/reset.ts'

const home = mkdtempSync(join(tmpdir(), 'paidan-start-'))
chmodSync(home, 0o755)
const running = new Set<ChildProcess>()

class Stack {
  out = ''
  readonly began = performance.now()
  readonly child: ChildProcess
  readonly code: Promise<number | null>

  constructor(env: NodeJS.ProcessEnv = {}) {
    const { DATABASE_URL: _, TEMPORAL_ADDRESS: __, PORT: ___, ...rest } = process.env
    const fixture = fileURLToPath(new URL('./fixtures/stack.ts', import.meta.url))
    this.child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), fixture], { env: { ...rest, PAIDAN_HOME: home, ...env } })
    running.add(this.child)
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk) => (this.out += String(chunk)))
    this.code = new Promise((resolve) => this.child.once('close', resolve))
    void this.code.then(() => running.delete(this.child))
  }

  async says(what: string | RegExp): Promise<number> {
    await expect.poll(() => this.out, { timeout: 40_000, interval: 25 }).toMatch(what)
    return performance.now() - this.began
  }

  async stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal)
    return this.code
  }
}

const pids = () => Object.fromEntries((holderOf(home)?.parts ?? []).map(({ name, pid }) => [name, pid]))
const pid = (name: string) => pids()[name] as number
const stopped = (out: string) => [...out.matchAll(/^ {2}(\w+) +stopped/gm)].map(([, name]) => name)

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  await expect.poll(() => leftOverOf(home), { timeout: 20_000 }).toEqual([])
})
afterAll(() => {
  reset(home)
  rmSync(home, { recursive: true, force: true })
})

describe('npm start', () => {
  it('brings everything up in order, refuses a second start, restarts what dies, and drains in the opposite order', async () => {
    const stack = new Stack()
    await stack.says(/^ready http:\/\/127\.0\.0\.1:\d+$/m)
    const steps = [...stack.out.matchAll(/^ {2}(\w+(?: data)?) .* \d+\.\d s$/gm)].map(([, name]) => name)
    expect(steps.slice(0, 5)).toEqual(['PostgreSQL', 'Temporal', 'migrations', 'demo data', 'console'])
    // These two are started side by side.
    expect(new Set(steps.slice(5))).toEqual(new Set(['API', 'worker']))
    expect(stack.out).toMatch(/PostgreSQL .*new database/)
    expect(stack.out).toMatch(/Temporal .*SHA-256/)
    expect(stack.out).toMatch(/demo data +written/)

    const second = new Stack()
    expect(await second.code).toBe(1)
    expect(second.out).toMatch(new RegExp(`is in use by process ${stack.child.pid}, since \\d{4}-.*, at http://127`))
    expect(() => reset(home)).toThrow('in use')

    for (const name of ['worker', 'API', 'Temporal', 'PostgreSQL']) {
      const before = pid(name)
      process.kill(before, 'SIGKILL')
      await stack.says(`${name} ended with signal SIGKILL; starting it again`)
      await stack.says(new RegExp(`${name} runs again \\(pid \\d+\\)`))
      expect(pid(name)).not.toBe(before)
    }

    const all = Object.values(pids())
    expect(all).toHaveLength(4)
    expect(await stack.stop('SIGTERM')).toBe(0)
    expect(stopped(stack.out)).toEqual(['API', 'worker', 'Temporal', 'PostgreSQL'])
    expect(all.map(refTo)).toEqual([undefined, undefined, undefined, undefined])
    for (const name of ['api', 'worker']) expect(readFileSync(join(home, 'logs', `${name}.log`), 'utf8')).toContain('drained')
  })

  it('finds the data and the ports of the first start, is quick, and comes back after kill -9', async () => {
    const ports = readFileSync(join(home, 'ports.json'), 'utf8')
    const stack = new Stack()
    // 5 s on two idle cores; here other test files have them too.
    expect(await stack.says('ready http')).toBeLessThan(30_000)
    expect(stack.out).toMatch(/PostgreSQL .*the database of before/)
    expect(stack.out).toMatch(/migrations +nothing to apply/)
    expect(stack.out).toMatch(/demo data +there already/)
    expect(readFileSync(join(home, 'ports.json'), 'utf8')).toBe(ports)

    const parts = Object.values(pids())
    await stack.stop('SIGKILL')
    const next = new Stack()
    await next.says('ready http')
    expect(parts.map(refTo)).toEqual([undefined, undefined, undefined, undefined])
    expect(await next.stop('SIGINT')).toBe(0)
  })

  it('takes its children along when it is killed', async () => {
    const stack = new Stack()
    await stack.says('ready http')
    const parts = Object.values(pids())
    await stack.stop('SIGKILL')
    await expect.poll(() => parts.map(refTo), { timeout: 20_000 }).toEqual([undefined, undefined, undefined, undefined])
  })

  it('stops what a killed start has left running all the same', async () => {
    const stack = new Stack()
    await stack.says('ready http')
    await stack.stop('SIGKILL')
    await expect.poll(() => leftOverOf(home), { timeout: 20_000 }).toEqual([])
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    running.add(orphan)
    const file = join(home, 'stack.lock')
    const lock = JSON.parse(readFileSync(file, 'utf8')) as { parts: unknown[] }
    writeFileSync(file, JSON.stringify({ ...lock, parts: [{ name: 'worker', ...refTo(orphan.pid as number) }] }))

    const next = new Stack()
    await next.says(`The last start was killed; stopping what it left: worker (pid ${orphan.pid})`)
    await next.says('ready http')
    expect(refTo(orphan.pid as number)).toBeUndefined()
    expect(await next.stop('SIGTERM')).toBe(0)
  })

  it('stops cleanly when it is told to in the middle of starting', async () => {
    const stack = new Stack()
    await stack.says(/PostgreSQL .* s\n/)
    expect(await stack.stop('SIGINT')).toBe(0)
    expect(stack.out).not.toContain('ready http')
    expect(stopped(stack.out)).toContain('PostgreSQL')
    acquireLock(home).release()
  })

  it('says which part did not start and why, and stops the rest', async () => {
    const stack = new Stack({ STAND_IN_FAILS: 'worker' })
    expect(await stack.code).toBe(1)
    expect(stack.out).toMatch(/The worker did not start: it ended with exit code 1.*worker has a fault.*\(log: .*worker\.log\)/s)
    expect(stopped(stack.out)).toEqual(['API', 'Temporal', 'PostgreSQL'])
    expect(holderOf(home)).toBeUndefined()
  })

  it('refuses a port that was asked for and is taken, before it starts anything', async () => {
    const { createServer } = await import('node:net')
    const port = await freePort()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const stack = new Stack({ PORT: String(port) })
    expect(await stack.code).toBe(1)
    server.close()
    expect(stack.out).toContain(`PORT is ${port}, but that port is taken`)
    expect(stack.out).not.toContain('PostgreSQL')
  })

  it('uses servers that are there already, and leaves their data alone', async () => {
    const own = new Stack()
    await own.says('ready http')
    const environ = readFileSync(`/proc/${pid('worker')}/environ`, 'utf8').split('\0')
    const value = (name: string) => environ.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) as string
    const other = mkdtempSync(join(tmpdir(), 'paidan-start-other-'))
    const env = { PAIDAN_HOME: other, DATABASE_URL: value('DATABASE_URL'), TEMPORAL_ADDRESS: value('TEMPORAL_ADDRESS') }
    const guest = new Stack(env)
    await guest.says('ready http')
    expect(guest.out).toMatch(/PostgreSQL +postgresql:\/\/postgres:\*\*\*@.*by DATABASE_URL/)
    expect(guest.out).toMatch(new RegExp(`Temporal +${env.TEMPORAL_ADDRESS}, by TEMPORAL_ADDRESS`))
    expect(guest.out).toMatch(/demo data +none/)
    expect(await guest.stop('SIGTERM')).toBe(0)
    expect(stopped(guest.out)).toEqual(['API', 'worker'])
    rmSync(other, { recursive: true })
    expect(await own.stop('SIGTERM')).toBe(0)
  })
})
