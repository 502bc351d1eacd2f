/**
 * A backup of the local stack: PostgreSQL's data folder, the engine's database where it stands still, attachments and anchors. While the
 * servers run, the data folder is copied as PostgreSQL's manual describes it (low-level base backup): from pg_backup_start to
 * pg_backup_stop, with the write-ahead log of that time kept by a slot and copied last.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import pg from 'pg'
import type { Config } from '../config/config.ts'
import { runningStack } from '../config/running.ts'
import { holderOf, leftOverOf } from '../stack/lock.ts'
import { startPostgres, POSTGRES_MAJOR } from '../stack/postgres.ts'
import { movedFolder } from '../stack/postgres-files.ts'
import { copyFile, FORMAT, type Manifest, writeManifest } from './manifest.ts'

/** Contents of the data folder that a copy must not or need not have; the folders themselves have to be there. */
const EMPTY = ['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans']
const LEFT_OUT = ['postmaster.pid', 'postmaster.opts', 'backup_label', 'tablespace_map', 'backup_manifest', 'current_logfiles']

export interface BackupOptions {
  config: Pick<Config, 'PAIDAN_HOME' | 'ATTACHMENTS_DIR' | 'ANCHOR_DIR'>
  /** Of the product. */
  version: string
  log: (line: string) => void
}

/** Where the data of the local PostgreSQL are; as root it may be outside of the home. */
export const postgresBase = (home: string): string => movedFolder(join(home, 'postgres')) ?? join(home, 'postgres')

/**
 * @param to a folder that is not there yet
 * @returns what was backed up
 * @throws Error that says what to do
 */
export async function backup(to: string, options: BackupOptions): Promise<Manifest> {
  const { config, log } = options
  const home = config.PAIDAN_HOME
  const target = resolve(to)
  if (existsSync(target)) throw new Error(`${target} is there already. A backup is never overwritten: name a folder that is not there.`)
  const data = join(postgresBase(home), 'data')
  if (!existsSync(data))
    throw new Error(
      `${home} has no database of its own: a server that DATABASE_URL names is backed up by its own tools (docs/recovery.md).`,
    )
  const running = holderOf(home) !== undefined
  if (!running && leftOverOf(home).length > 0)
    throw new Error('A start that was killed has left servers running: npm start and Ctrl-C ends them.')
  const partial = `${target}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true, mode: 0o700 })
  const copier = new Copier(partial)
  const record = running ? await online(home, data, copier) : await standing(home, data, copier, log)
  await copier.file(join(data, '..', 'password'), 'postgres/password')
  let engine: Manifest['engine']
  const temporal = join(home, 'temporal')
  if (!running && existsSync(join(temporal, 'temporal.db'))) {
    for (const name of ['temporal.db', 'temporal.db-wal', 'version']) await copier.file(join(temporal, name), `temporal/${name}`)
    const version = join(temporal, 'version')
    engine = { version: existsSync(version) ? readFileSync(version, 'utf8').trim() : 'unknown' }
  }
  for (const [name, folder] of [
    ['attachments', config.ATTACHMENTS_DIR],
    ['anchors', config.ANCHOR_DIR],
  ] as const)
    if (folder) await copier.folder(folder, name)
  const manifest: Manifest = {
    format: FORMAT,
    at: new Date().toISOString(),
    version: options.version,
    postgres: { major: POSTGRES_MAJOR, arch: `${process.platform}-${process.arch}` },
    running,
    ...(engine && { engine }),
    ...record,
    files: copier.files,
  }
  writeManifest(partial, manifest)
  renameSync(partial, target)
  return manifest
}

class Copier {
  readonly files: Manifest['files'] = {}
  readonly target: string

  constructor(target: string) {
    this.target = target
  }

  async file(from: string, to: string): Promise<void> {
    const done = await copyFile(from, join(this.target, to))
    if (done) this.files[to] = done
  }

  /** Everything below; `skip` by path below `from`. */
  async folder(from: string, to: string, skip: (path: string) => boolean = () => false): Promise<void> {
    if (!existsSync(from)) return
    for (const path of walk(from)) if (!skip(path)) await this.file(join(from, path), `${to}/${path}`)
  }

  text(to: string, content: string): void {
    writeFileSync(join(this.target, to), content, { mode: 0o600 })
  }
}

function* walk(top: string, folder = top): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    let directory: boolean
    try {
      directory = statSync(path).isDirectory()
    } catch {
      continue
    }
    if (directory) yield* walk(top, path)
    else yield relative(top, path)
  }
}

const skipped = (path: string): boolean => {
  const [first = '', ...rest] = path.split('/')
  return (
    LEFT_OUT.includes(first) || (rest.length > 0 && EMPTY.includes(first)) || path.includes('pgsql_tmp') || path === 'global/pg_control'
  )
}

type Described = Pick<Manifest, 'migrations' | 'record'>

/** What the record says of itself, for whoever chooses between backups. */
async function describe(url: string): Promise<Described> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ orders: number; open: number; events: string; at: Date | null }>(
      `SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM orders WHERE status <> 'closed') AS open,
              (SELECT count(*) FROM order_event) AS events, (SELECT max(updated_at) FROM orders) AS at`,
    )
    const { rows: applied } = await client.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1',
    )
    const { orders, open, events, at } = rows[0]!
    return {
      migrations: applied.map(({ name }) => name),
      record: { orders, open, events: Number(events), lastMoveAt: at?.toISOString() ?? null },
    }
  } finally {
    await client.end()
  }
}

/** The servers stand: the folder is copied as it is. It is started for a moment to say what is in it, and stopped cleanly by that. */
async function standing(home: string, data: string, copier: Copier, log: (line: string) => void): Promise<Described> {
  const server = await startPostgres({ dir: join(home, 'postgres'), log })
  let described: Described
  try {
    described = await describe(server.url('paidan'))
  } finally {
    await server.stop()
  }
  await copier.folder(data, 'postgres/data', (path) => LEFT_OUT.includes(path))
  return described
}

async function online(home: string, data: string, copier: Copier): Promise<Described> {
  const url = runningStack(home)?.env.DATABASE_URL
  if (!url) throw new Error('The stack is still starting, or its database is not its own. Try again when it is ready.')
  const described = await describe(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // Ends with this connection, whatever happens.
    await client.query(`SELECT pg_create_physical_replication_slot('paidan_backup_' || pg_backend_pid(), true, true)`)
    const { rows: begun } = await client.query<{ wal: string }>(`SELECT pg_walfile_name(pg_backup_start('paidan', true)) AS wal`)
    await copier.folder(data, 'postgres/data', skipped)
    await copier.file(join(data, 'global/pg_control'), 'postgres/data/global/pg_control')
    const { rows: ended } = await client.query<{ labelfile: string; wal: string }>(
      'SELECT labelfile, pg_walfile_name(lsn) AS wal FROM pg_backup_stop(false)',
    )
    const label = join(copier.target, 'label')
    writeFileSync(label, ended[0]!.labelfile)
    await copier.file(label, 'postgres/data/backup_label')
    rmSync(label)
    const segments = readdirSync(join(data, 'pg_wal')).filter(
      (name) => /^[0-9A-F]{24}$/.test(name) && name >= begun[0]!.wal && name <= ended[0]!.wal,
    )
    for (const name of segments) await copier.file(join(data, 'pg_wal', name), `postgres/data/pg_wal/${name}`)
    if (!segments.includes(begun[0]!.wal) || !segments.includes(ended[0]!.wal))
      throw new Error('The write-ahead log of the backup is gone already: try again.')
    return described
  } finally {
    await client.end()
  }
}
