/** What a backup says of itself, and copies that are checked while they are made. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

export const FORMAT = 1

/** Bytes up to which a file is taken at once: a data folder has a thousand small ones. */
const SMALL = 4_000_000

export interface Manifest {
  format: number
  /** ISO 8601. */
  at: string
  /** Of the product. */
  version: string
  /** A data folder fits one major version and one kind of processor. */
  postgres: { major: number; arch: string }
  /** Migrations that the record had. */
  migrations: string[]
  /** Made while the servers ran: without the engine's data, which cannot be copied then. */
  running: boolean
  /** Version of the engine whose data are in it. */
  engine?: { version: string }
  record: { orders: number; open: number; events: number; lastMoveAt: string | null }
  /** Path in the backup → bytes and SHA-256. */
  files: Record<string, { bytes: number; sha256: string }>
}

const file = (folder: string) => join(folder, 'manifest.json')
const digest = (text: string) => createHash('sha256').update(text).digest('hex')

/** The manifest last, with a sum of its own: a folder without it is no backup. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const text = `${JSON.stringify(manifest, null, 1)}\n`
  writeFileSync(join(folder, 'manifest.sha256'), `${digest(text)}  manifest.json\n`)
  writeFileSync(file(folder), text)
}

/** @throws Error that says what is wrong with the folder */
export function readManifest(folder: string): Manifest {
  let text: string
  let sum: string
  try {
    text = readFileSync(file(folder), 'utf8')
    sum = readFileSync(join(folder, 'manifest.sha256'), 'utf8').split(' ')[0]!
  } catch {
    throw new Error(`${folder} is no backup: it has no manifest. A backup that was interrupted has none; make another.`)
  }
  if (digest(text) !== sum) throw new Error(`${folder}: the manifest is not what was written. Use another backup.`)
  const manifest = JSON.parse(text) as Manifest
  if (manifest.format !== FORMAT)
    throw new Error(`${folder} has format ${manifest.format}, this version reads ${FORMAT}. Use the version ${manifest.version}.`)
  return manifest
}

/** Copies a file and answers its sum; undefined where it is not there any more. */
export async function copyFile(from: string, to: string, mode = 0o600): Promise<{ bytes: number; sha256: string } | undefined> {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let bytes = 0
  try {
    if (statSync(from).size <= SMALL) {
      const content = readFileSync(from)
      writeFileSync(to, content, { mode })
      return { bytes: content.length, sha256: hash.update(content).digest('hex') }
    }
    const source = createReadStream(from)
    source.on('data', (chunk) => {
      hash.update(chunk)
      bytes += chunk.length
    })
    await pipeline(source, createWriteStream(to, { mode }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** @throws Error naming the first file that is not what was backed up */
export async function checkFiles(folder: string, { files }: Manifest): Promise<void> {
  for (const [path, { bytes, sha256 }] of Object.entries(files)) {
    const found = join(folder, path)
    const wrong = (what: string) => new Error(`${found} ${what}: the backup is damaged. Nothing was restored; use another.`)
    let size: number
    try {
      size = statSync(found).size
    } catch {
      throw wrong('is missing')
    }
    if (size !== bytes) throw wrong(`has ${size} bytes and had ${bytes}`)
    const hash = createHash('sha256')
    if (size <= SMALL) hash.update(readFileSync(found))
    else for await (const chunk of createReadStream(found)) hash.update(chunk as Buffer)
    if (hash.digest('hex') !== sha256) throw wrong('has another content')
  }
}
