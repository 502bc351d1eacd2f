import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { movedFolder } from '../../../worker/stack/postgres-files.ts'
import { ensureDatabase, startPostgres, type PostgresOptions, type PostgresServer } from '../../../worker/stack/postgres.ts'
import { refTo } from '../../../worker/stack/process.ts'
import { testFolder } from './folder.ts'

async function start(dir: string, more: Partial<PostgresOptions> = {}): Promise<PostgresServer> {
  const server = await startPostgres({ dir, ...more })
  onTestFinished(() => server.stop())
  return server
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>({ text: sql })).rows.flatMap((row) => Object.values(row))
  } finally {
    await client.end()
  }
}

describe('the bundled PostgreSQL', () => {
  it('makes its data once and finds it again', async () => {
    const dir = testFolder()
    const first = await start(dir)
    expect(first).toMatchObject({ created: true, version: expect.stringMatching(/^18\./) })
    await ensureDatabase(first.url('paidan'))
    await ensureDatabase(first.url('paidan'))
    await query(first.url('paidan'), 'CREATE TABLE note AS SELECT 7 AS value')
    await first.stop()
    expect(refTo(first.pid)).toBeUndefined()
    const second = await start(dir)
    expect(second.created).toBe(false)
    expect(await query(second.url('paidan'), 'SELECT value FROM note')).toEqual([7])
  })

  it('keeps what it has acknowledged (fsync), listens on this machine alone, and asks for its password', async () => {
    const server = await start(testFolder(), { settings: { max_connections: '20' } })
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'max_connections', 'TimeZone']
    expect(await query(server.url('postgres'), `SELECT ${names.map((name) => `current_setting('${name}') AS "${name}"`).join()}`)).toEqual([
      'on',
      'on',
      'on',
      '127.0.0.1',
      '20',
      'UTC',
    ])
    await expect(query(server.url('postgres').replace(/:[^:@]+@/, ':guess@'), 'SELECT 1')).rejects.toThrow('password authentication failed')
  })

  it('refuses the data of another major version, and says what to do', async () => {
    const dir = testFolder()
    await (await start(dir)).stop()
    const data = join(movedFolder(dir) ?? dir, 'data')
    writeFileSync(join(data, 'PG_VERSION'), '17\n')
    await expect(startPostgres({ dir })).rejects.toThrow(/was written by PostgreSQL 17.*npm run reset/s)
    expect(readFileSync(join(data, 'PG_VERSION'), 'utf8')).toBe('17\n')
  })

  it('says that its port is taken', async () => {
    const other = createServer()
    onTestFinished(() => void other.close())
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    await expect(startPostgres({ dir: testFolder(), port })).rejects.toThrow(/did not start on port .*could not bind/s)
  })

  it('stops the server that a killed start has left in its folder', async () => {
    const dir = testFolder()
    const lines: string[] = []
    const left = await start(dir)
    const next = await start(dir, { log: (line) => lines.push(line) })
    expect(lines).toContainEqual(expect.stringContaining(`(pid ${left.pid}) that was left over`))
    expect(refTo(left.pid)).toBeUndefined()
    expect(await query(next.url('postgres'), 'SELECT 1')).toEqual([1])
  })

  it('starts after kill -9, also when its number was given to another program', async () => {
    const dir = testFolder()
    const first = await start(dir)
    await query(first.url('postgres'), 'CREATE TABLE note AS SELECT 8 AS value')
    process.kill(first.pid, 'SIGKILL')
    await first.exited
    const pidFile = join(movedFolder(dir) ?? dir, 'data', 'postmaster.pid')
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid)))
    const second = await start(dir)
    expect(await query(second.url('postgres'), 'SELECT value FROM note')).toEqual([8])
  })

  it('makes its data anew when a first start was killed in the middle', async () => {
    const dir = testFolder()
    mkdirSync(join(dir, 'data.new', 'base'), { recursive: true })
    writeFileSync(join(dir, 'data.new', 'PG_VERSION'), '18\n')
    expect((await start(dir)).created).toBe(true)
    expect(existsSync(join(dir, 'data.new'))).toBe(false)
  })

  it('leaves no process behind when its start is abandoned', async () => {
    const abandon = new AbortController()
    const pids: number[] = []
    const onSpawn = (pid: number) => {
      pids.push(pid)
      abandon.abort()
    }
    await expect(startPostgres({ dir: testFolder(), signal: abandon.signal, onSpawn })).rejects.toThrow('aborted')
    expect(pids.map(refTo)).toEqual([undefined])
  })

  it('works below a folder that is closed to other users', async () => {
    const closed = testFolder()
    const dir = join(closed, 'postgres')
    mkdirSync(dir)
    chmodSync(closed, 0o700)
    const server = await start(dir)
    await query(server.url('postgres'), 'CREATE TABLE note AS SELECT 9 AS value')
    await server.stop()
    // Root may not run the server itself: its data goes where the server's own user can reach it. Anybody else's stays.
    const moved = movedFolder(dir)
    if (moved) onTestFinished(() => rmSync(moved, { recursive: true, force: true }))
    expect(moved === undefined).toBe(process.getuid?.() !== 0)
    expect(existsSync(join(moved ?? dir, 'data', 'PG_VERSION'))).toBe(true)
    expect(await query((await start(dir)).url('postgres'), 'SELECT value FROM note')).toEqual([9])
  })
})
