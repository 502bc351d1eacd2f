import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** How a process ended. */
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A running part of the stack. `stop` drains it and may be called more than once. */
export interface Handle {
  readonly pid: number
  readonly exited: Promise<Exit>
  stop(): Promise<void>
}

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessRef {
  pid: number
  /** Boot and start time of the process. */
  identity: string
}

export interface LaunchOptions {
  command: string
  args: readonly string[]
  /** File that gets what the process prints. A file and not a pipe: a child must not fail because we were killed. */
  logFile: string
  env?: NodeJS.ProcessEnv
  cwd?: string
  uid?: number
  gid?: number
  /** Signal that the kernel sends to the child when we are gone, where the system can do that. */
  deathSignal?: 'TERM' | 'INT'
  /** Open a message channel, for Node children. */
  ipc?: boolean
}

/**
 * Starts a process in a group of its own, so that Ctrl-C reaches only us and we decide the order in which parts stop.
 *
 * @throws Error when it cannot be started at all
 */
export async function launch(options: LaunchOptions): Promise<{ child: ChildProcess; pid: number; exited: Promise<Exit> }> {
  const wrapped = options.deathSignal && canSetDeathSignal()
  const command = wrapped ? 'setpriv' : options.command
  const args = wrapped ? ['--pdeathsig', options.deathSignal as string, '--', options.command, ...options.args] : options.args
  const log = openSync(options.logFile, 'a')
  try {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      uid: options.uid,
      gid: options.gid,
      detached: true,
      stdio: options.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
    })
    const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) => reject(new Error(`${options.command} cannot be started: ${error.message}`)))
    })
    return { child, pid: child.pid as number, exited }
  } finally {
    closeSync(log)
  }
}

/** Sends each signal in turn and waits the given milliseconds after it, until the process has ended. */
export async function stopChild(
  child: ChildProcess,
  exited: Promise<Exit>,
  steps: readonly (readonly [NodeJS.Signals, number])[],
): Promise<void> {
  for (const [signal, wait] of steps) {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await Promise.race([exited, sleep(wait, undefined, { ref: false })])
  }
  await exited
}

/** As {@link stopChild}, for a process that somebody else started. Returns false when it is still there in the end. */
export async function stopProcess(ref: ProcessRef, steps: readonly (readonly [NodeJS.Signals, number])[]): Promise<boolean> {
  for (const [signal, wait] of steps) {
    if (!isRunning(ref)) return true
    try {
      process.kill(ref.pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
    const end = Date.now() + wait
    while (Date.now() < end && isRunning(ref)) await sleep(25)
  }
  return !isRunning(ref)
}

/** Boot and start time of a process; undefined when it does not run (a zombie does not run). */
export function processIdentity(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const stat = read(`/proc/${pid}/stat`)
    if (!stat) return undefined
    // The name in parentheses may hold spaces and parentheses itself: fields are counted after the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return `${read('/proc/sys/kernel/random/boot_id')?.trim()}/${fields[19]}`
  }
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  const line = ps.status === 0 ? ps.stdout.trim() : ''
  return line && !line.startsWith('Z') ? line.replace(/^\S+\s+/, '') : undefined
}

/** Command line of a process, arguments separated by spaces; empty when unknown. */
export function commandLine(pid: number): string {
  if (process.platform === 'linux') return (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim()
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? ''
}

/** Whether exactly this process still runs. */
export function isRunning(ref: ProcessRef): boolean {
  return processIdentity(ref.pid) === ref.identity
}

/** Reference to a process that runs now. */
export function refTo(pid: number): ProcessRef | undefined {
  const identity = processIdentity(pid)
  return identity === undefined ? undefined : { pid, identity }
}

/** `exit code 3` or `signal SIGKILL`. */
export function describeExit(exit: Exit): string {
  return exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code}`
}

/** Last lines of a log, for an error message. */
export function tail(file: string, lines = 15): string {
  return (read(file) ?? '').trimEnd().split('\n').slice(-lines).join('\n')
}

/**
 * Path of one of our own modules, in the form in which we run: source or built.
 *
 * @param module path without extension, relative to the caller
 * @param base the caller's `import.meta.url`
 */
export function modulePath(module: string, base: string): string {
  return fileURLToPath(new URL(module + (base.endsWith('.ts') ? '.ts' : '.js'), base))
}

/** Arguments for Node to run that module the way we run: through tsx from source, plainly when built. */
export function nodeArgs(module: string, base: string): string[] {
  const path = modulePath(module, base)
  return base.endsWith('.ts') ? ['--import', import.meta.resolve('tsx'), path] : [path]
}

let deathSignal: boolean | undefined

function canSetDeathSignal(): boolean {
  deathSignal ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', '--', 'true']).status === 0
  return deathSignal
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
