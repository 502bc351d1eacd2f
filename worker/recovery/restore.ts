/** A backup back into its place. What is there is moved aside, never removed. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readMigrations } from '../../prisma/migrate/files.ts'
import type { Config } from '../config/config.ts'
import { holderOf, leftOverOf } from '../stack/lock.ts'
import { handOver, preparePostgresFiles, type PostgresFiles } from '../stack/postgres-files.ts'
import { POSTGRES_MAJOR } from '../stack/postgres.ts'
import { checkFiles, copyFile, type Manifest, readManifest } from './manifest.ts'

export interface RestoreOptions {
  config: Pick<Config, 'PAIDAN_HOME' | 'ATTACHMENTS_DIR' | 'ANCHOR_DIR'>
  /** What is there may be moved aside. */
  replace?: boolean
  log: (line: string) => void
}

export interface Restored {
  manifest: Manifest
  /** Folders that were moved aside. */
  aside: string[]
  /** The engine's data: out of the backup, those that were there, or none. */
  engine: 'restored' | 'kept' | 'none'
}

/** Folders of a data folder that PostgreSQL wants to find, though they may be empty. */
const FOLDERS = [
  ...['pg_wal', 'pg_wal/archive_status', 'pg_wal/summaries', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots'],
  ...['pg_stat', 'pg_stat_tmp', 'pg_subtrans', 'pg_tblspc', 'pg_twophase', 'pg_commit_ts', 'pg_logical', 'pg_logical/snapshots'],
  ...['pg_logical/mappings', 'pg_multixact', 'pg_multixact/members', 'pg_multixact/offsets', 'pg_xact', 'base', 'global'],
]

/** @throws Error that says what to do; then nothing has changed */
export async function restore(from: string, { config, replace = false, log }: RestoreOptions): Promise<Restored> {
  const home = config.PAIDAN_HOME
  const source = resolve(from)
  const manifest = readManifest(source)
  refuseMisfit(manifest)
  const holder = holderOf(home)
  if (holder) throw new Error(`${home} is in use by process ${holder.pid}. Stop it first: Ctrl-C there, or kill ${holder.pid}`)
  if (leftOverOf(home).length > 0) throw new Error('A start that was killed has left servers running: npm start and Ctrl-C ends them.')
  log(`checking ${Object.keys(manifest.files).length} files …`)
  await checkFiles(source, manifest)

  mkdirSync(home, { recursive: true })
  const files = preparePostgresFiles(join(home, 'postgres'), log)
  const hasEngine = manifest.engine !== undefined
  const places: { part: string; to: string }[] = [
    { part: 'postgres/data', to: join(files.base, 'data') },
    ...(hasEngine ? [{ part: 'temporal', to: join(home, 'temporal') }] : []),
    { part: 'attachments', to: config.ATTACHMENTS_DIR ?? join(home, 'attachments') },
    { part: 'anchors', to: config.ANCHOR_DIR ?? join(home, 'anchors') },
  ]
  const taken = places.filter(({ to }) => existsSync(to) && readdirSync(to).length > 0).map(({ to }) => to)
  if (taken.length > 0 && !replace)
    throw new Error(`There are data already: ${taken.join(', ')}. With --replace they are moved aside, not removed.`)

  for (const { part, to } of places)
    await place(source, part, `${to}.restoring`, manifest, part === 'postgres/data' ? files.user : undefined)
  await copyFile(join(source, 'postgres/password'), join(files.base, 'password.restoring'))
  const stamp = new Date().toISOString().replace(/[:.]/g, '-')
  const aside: string[] = []
  for (const { to } of places) {
    if (existsSync(to)) {
      renameSync(to, `${to}.before-${stamp}`)
      aside.push(`${to}.before-${stamp}`)
    }
    if (existsSync(`${to}.restoring`)) renameSync(`${to}.restoring`, to)
  }
  const password = join(files.base, 'password')
  if (existsSync(password)) renameSync(password, `${password}.before-${stamp}`)
  renameSync(`${password}.restoring`, password)
  return { manifest, aside, engine: hasEngine ? 'restored' : existsSync(join(home, 'temporal', 'temporal.db')) ? 'kept' : 'none' }
}

function refuseMisfit({ postgres, migrations, version }: Manifest): void {
  const arch = `${process.platform}-${process.arch}`
  if (postgres.major !== POSTGRES_MAJOR)
    throw new Error(
      `The backup was made by PostgreSQL ${postgres.major}; this version of Paidan brings ${POSTGRES_MAJOR}, which cannot read it. Use Paidan ${version}.`,
    )
  if (postgres.arch !== arch) throw new Error(`The backup was made on ${postgres.arch} and can be read there only; this is ${arch}.`)
  const known = new Set(readMigrations().map(({ name }) => name))
  const newer = migrations.filter((name) => !known.has(name))
  if (newer.length > 0)
    throw new Error(
      `The record in the backup is newer than this version of Paidan, which does not know ${newer.join(', ')}. Use Paidan ${version} or newer.`,
    )
}

/** One part beside its place; checked once more while it is copied. */
async function place(source: string, part: string, to: string, { files }: Manifest, user: PostgresFiles['user']): Promise<void> {
  rmSync(to, { recursive: true, force: true })
  const own = Object.keys(files).filter((path) => path.startsWith(`${part}/`))
  if (own.length === 0 && part !== 'postgres/data') return
  for (const path of own) {
    const done = await copyFile(join(source, path), join(to, path.slice(part.length + 1)))
    if (done?.sha256 !== files[path]!.sha256) throw new Error(`${path} changed while it was copied. Nothing was restored.`)
  }
  if (part !== 'postgres/data') return
  for (const folder of FOLDERS) mkdirSync(join(to, folder), { recursive: true, mode: 0o700 })
  handOverAll(to, user)
}

function handOverAll(path: string, user: PostgresFiles['user']): void {
  handOver(path, user)
  chmodSync(path, 0o700)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) handOverAll(inner, user)
    else handOver(inner, user)
  }
}
