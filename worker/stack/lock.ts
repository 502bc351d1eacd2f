import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning, processIdentity, type ProcessRef } from './process.ts'

/** A process that belongs to a stack. */
export interface Part extends ProcessRef {
  name: string
}

/** Who holds a folder. */
export interface Holder extends ProcessRef {
  token: string
  /** ISO 8601. */
  since: string
  /** Where the API is reached, once it is. */
  address?: string
  /** Processes that the holder has started. */
  parts: Part[]
}

export interface Lock {
  /** Processes of an earlier holder that was killed; they still run. */
  readonly leftOver: readonly Part[]
  /** Writes down the process of a part, so that a later start finds it if we are killed. Undefined: the part has ended. */
  setPart(name: string, pid: number | undefined): void
  setAddress(address: string): void
  release(): void
}

/** The folder is in use. */
export class FolderHeldError extends Error {
  readonly holder: Holder

  constructor(home: string, holder: Holder) {
    const at = holder.address ? `, at ${holder.address}` : ', still starting'
    super(`${home} is in use by process ${holder.pid}, since ${holder.since}${at}. Stop it with Ctrl-C there, or with: kill ${holder.pid}`)
    this.name = 'FolderHeldError'
    this.holder = holder
  }
}

const lockFile = (home: string) => join(home, 'stack.lock')

/** Who holds the folder now; undefined when nobody does, or only a process that is gone. */
export function holderOf(home: string): Holder | undefined {
  const holder = read(lockFile(home))
  return holder && isRunning(holder) ? holder : undefined
}

/** Processes that a killed holder has left running. */
export function leftOverOf(home: string): Part[] {
  const holder = read(lockFile(home))
  return holder && !isRunning(holder) ? holder.parts.filter(isRunning) : []
}

/**
 * Takes the folder for this process. A lock whose holder was killed is taken over with what it left running.
 *
 * @throws FolderHeldError when another process holds it
 */
export function acquireLock(home: string): Lock {
  mkdirSync(home, { recursive: true })
  const file = lockFile(home)
  const identity = processIdentity(process.pid)
  if (identity === undefined) throw new Error('This process cannot find its own start time (is /proc mounted, or ps installed?)')
  const me: Holder = { pid: process.pid, identity, token: randomUUID(), since: new Date().toISOString(), parts: [] }
  const draft = `${file}.${me.token}`
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      writeFileSync(draft, JSON.stringify(me, null, 2))
      if (linked(draft, file)) return held(file, draft, me)
      const holder = read(file)
      if (holder && isRunning(holder)) throw new FolderHeldError(home, holder)
      me.parts = takeAway(home, file, draft, holder)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  throw new Error(`${file} cannot be taken: others take it all the time.`)
}

/** Moves a dead holder's lock aside and returns its processes that still run. */
function takeAway(home: string, file: string, draft: string, dead: Holder | undefined): Part[] {
  const aside = `${draft}.stale`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  // Between our look and our move another start may have done the same: then it is a living lock that we hold in our hands.
  const taken = read(aside)
  const foreign = taken !== undefined && taken.token !== dead?.token
  if (foreign) linked(aside, file)
  rmSync(aside, { force: true })
  if (foreign) throw new FolderHeldError(home, taken)
  return dead?.parts.filter(isRunning) ?? []
}

function held(file: string, draft: string, me: Holder): Lock {
  const leftOver = [...me.parts]
  const write = () => {
    writeFileSync(draft, JSON.stringify(me, null, 2))
    renameSync(draft, file)
  }
  return {
    leftOver,
    setPart(name, pid) {
      me.parts = me.parts.filter((part) => part.name !== name)
      const identity = pid === undefined ? undefined : processIdentity(pid)
      if (pid !== undefined && identity !== undefined) me.parts.push({ name, pid, identity })
      write()
    },
    setAddress(address) {
      me.address = address
      write()
    },
    release() {
      if (read(file)?.token === me.token) rmSync(file, { force: true })
    },
  }
}

/** True when `target` did not exist and now is `source`: making a link is atomic, and nobody can see a half-written file. */
function linked(source: string, target: string): boolean {
  try {
    linkSync(source, target)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function read(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>
    return typeof holder.pid === 'number' && typeof holder.identity === 'string' ? ({ parts: [], ...holder } as Holder) : undefined
  } catch {
    return undefined
  }
}
