/** A backup of a record that is being written, put back into another place, on the real PostgreSQL; and what is refused. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { migrate } from '../../../prisma/migrate/index.ts'
import { backup, postgresBase } from '../../../worker/recovery/backup.ts'
import { type Manifest, writeManifest } from '../../../worker/recovery/manifest.ts'
import { restore } from '../../../worker/recovery/restore.ts'
import { acquireLock } from '../../../worker/stack/lock.ts'
import { ensureDatabase, startPostgres } from '../../../worker/stack/postgres.ts'
import { testFolder } from '../stack/folder.ts'

const log = () => {}
const configOf = (home: string) => ({ PAIDAN_HOME: home, ATTACHMENTS_DIR: join(home, 'attachments'), ANCHOR_DIR: join(home, 'anchors') })

/** A home whose PostgreSQL runs, as a stack writes it down. */
async function running(home: string) {
  const server = await startPostgres({ dir: join(home, 'postgres') })
  const lock = acquireLock(home)
  lock.setPart('PostgreSQL', server.pid)
  lock.setAddress('http://127.0.0.1:1')
  writeFileSync(join(home, 'ports.json'), JSON.stringify({ postgres: server.port }))
  const stop = async () => {
    await server.stop()
    lock.release()
  }
  onTestFinished(() => server.stop())
  return { url: server.url('paidan'), stop }
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

const folderOf = () => {
  const home = testFolder()
  onTestFinished(() => rmSync(postgresBase(home), { recursive: true, force: true }))
  return home
}

const change = (folder: string, how: (manifest: Manifest) => void): void => {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
  how(manifest)
  writeManifest(folder, manifest)
}

it('copies what is being written as of one moment, and puts back nothing that does not fit', async () => {
  const home = folderOf()
  const first = await running(home)
  await ensureDatabase(first.url)
  await migrate(first.url)
  await query(first.url, 'CREATE TABLE note (n int PRIMARY KEY, text text)')
  mkdirSync(join(home, 'attachments/ab'), { recursive: true })
  writeFileSync(join(home, 'attachments/ab/file'), 'a picture')

  const writer = new pg.Client({ connectionString: first.url })
  await writer.connect()
  let written = 0
  let writing = true
  const writes = (async () => {
    while (writing) await writer.query('INSERT INTO note VALUES ($1, $2)', [++written, 'x'.repeat(2_000)])
  })()
  await expect.poll(() => written).toBeGreaterThan(20)
  const before = written
  const place = join(testFolder(), 'backup')
  const manifest = await backup(place, { config: configOf(home), version: '1', log })
  const after = written
  writing = false
  await writes
  await writer.end()
  expect(after).toBeGreaterThan(before)
  expect(manifest).toMatchObject({ running: true, record: { orders: 0, open: 0, events: 0, lastMoveAt: null } })
  expect(manifest.engine).toBeUndefined()
  expect(manifest.migrations.length).toBeGreaterThan(5)
  await expect(backup(place, { config: configOf(home), version: '1', log })).rejects.toThrow('never overwritten')
  await expect(restore(place, { config: configOf(home), log })).rejects.toThrow('is in use by process')
  await first.stop()

  // Into another home: all that was acknowledged before the copy began is there, and nothing is half there.
  const other = folderOf()
  expect(await restore(place, { config: configOf(other), log })).toMatchObject({ aside: [], engine: 'none' })
  expect(readFileSync(join(other, 'attachments/ab/file'), 'utf8')).toBe('a picture')
  const second = await running(other)
  const [found] = await query(second.url, 'SELECT count(*)::int AS n, max(n) AS last, min(length(text)) AS shortest FROM note')
  expect(found).toEqual({ n: found!.last, last: found!.last, shortest: 2_000 })
  expect(found!.last).toBeGreaterThanOrEqual(before)
  expect(found!.last).toBeLessThanOrEqual(written)
  await second.stop()

  // A copy of servers that stand has the engine, too. Where there is something, it is moved aside, and only when asked.
  mkdirSync(join(home, 'temporal'))
  writeFileSync(join(home, 'temporal/temporal.db'), 'rows')
  writeFileSync(join(home, 'temporal/version'), '1.9.1\n')
  const still = join(testFolder(), 'still')
  expect(await backup(still, { config: configOf(home), version: '1', log })).toMatchObject({ running: false, engine: { version: '1.9.1' } })
  await expect(restore(still, { config: configOf(other), log })).rejects.toThrow('--replace')
  const { aside, engine } = await restore(still, { config: configOf(other), replace: true, log })
  expect(engine).toBe('restored')
  expect(readFileSync(join(other, 'temporal/temporal.db'), 'utf8')).toBe('rows')
  expect(aside.map((path) => path.replace(/\.before-.*/, ''))).toEqual([join(postgresBase(other), 'data'), join(other, 'attachments')])
  for (const path of aside) expect(existsSync(path)).toBe(true)

  // What does not fit is refused before anything is touched.
  const nowhere = folderOf()
  const refused = (how: (manifest: Manifest) => void, why: string) => {
    const original = readFileSync(join(still, 'manifest.json'), 'utf8')
    change(still, how)
    const outcome = expect(restore(still, { config: configOf(nowhere), log })).rejects.toThrow(why)
    return outcome.then(() => writeManifest(still, JSON.parse(original) as Manifest))
  }
  await refused((m) => (m.postgres.major = 17), 'was made by PostgreSQL 17')
  await refused((m) => (m.postgres.arch = 'linux-ppc64'), 'was made on linux-ppc64')
  await refused((m) => m.migrations.push('20991231000000_later'), 'does not know 20991231000000_later')
  await refused((m) => (m.files['postgres/data/gone'] = { bytes: 1, sha256: '' }), 'gone is missing')
  appendFileSync(join(still, 'manifest.json'), ' ')
  await expect(restore(still, { config: configOf(nowhere), log })).rejects.toThrow('the manifest is not what was written')
  change(still, () => {})
  const control = join(still, 'postgres/data/global/pg_control')
  const bytes = readFileSync(control)
  bytes[100]! ^= 1
  writeFileSync(control, bytes)
  await expect(restore(still, { config: configOf(nowhere), log })).rejects.toThrow('has another content')
  rmSync(join(still, 'manifest.json'))
  await expect(restore(still, { config: configOf(nowhere), log })).rejects.toThrow('it has no manifest')
  expect(existsSync(join(nowhere, 'postgres'))).toBe(false)
}, 120_000)
