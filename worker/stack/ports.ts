import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

export type PortName = 'postgres' | 'temporal' | 'temporalUi' | 'api'

/** Whether a port of this host can be listened on now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Whether somebody listens on a port of this host. */
export function isListening(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1_000 })
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => done(true))
    socket.once('timeout', () => done(false))
    socket.once('error', () => done(false))
  })
}

/** A port that is free now, chosen by the system. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port: 0, host }, () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

const LOW = { from: 10_000, count: 22_000 }

/** Ports that are free now, all below 32 768: Temporal's schema keeps its members' ports in two bytes, signed. */
export async function freeLowPorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const found = new Set<number>()
  for (let tried = 0; found.size < count; tried++) {
    if (tried > LOW.count) throw new Error(`no ${count} free ports between ${LOW.from} and ${LOW.from + LOW.count}`)
    const port = LOW.from + Math.floor(Math.random() * LOW.count)
    if (await isPortFree(port, host)) found.add(port)
  }
  return [...found]
}

/** What is wanted of one port. */
export interface PortWish {
  /** First choice where nothing is remembered. */
  preferred?: number
  /** Only this one will do. */
  exactly?: number
  /** Variable by which the user asked for it, for the message. */
  variable?: string
  host?: string
}

/**
 * Free ports for the stack, the same as last time where they are still free, so that addresses survive a restart.
 *
 * @param home folder that holds `ports.json`
 * @throws Error when a port that was asked for is taken
 */
export async function choosePorts<N extends PortName>(home: string, wishes: Readonly<Record<N, PortWish>>): Promise<Record<N, number>> {
  const remembered = readPorts(home)
  const taken = new Set<number>()
  const chosen: Partial<Record<PortName, number>> = {}
  for (const [name, { preferred, exactly, variable, host }] of Object.entries(wishes) as [N, PortWish][]) {
    const free = async (port: number) => !taken.has(port) && (await isPortFree(port, host))
    if (exactly !== undefined && !(await free(exactly))) {
      throw new Error(`${variable ?? name} is ${exactly}, but that port is taken by another program. Choose another, or stop that program.`)
    }
    let port = exactly
    for (const candidate of [remembered[name], preferred])
      if (port === undefined && candidate !== undefined && (await free(candidate))) port = candidate
    while (port === undefined || (taken.has(port) && port !== exactly)) port = await freePort(host)
    taken.add(port)
    chosen[name] = port
  }
  const file = join(home, 'ports.json')
  writeFileSync(`${file}.new`, `${JSON.stringify({ ...remembered, ...chosen }, null, 2)}\n`)
  renameSync(`${file}.new`, file)
  return chosen as Record<N, number>
}

/** Ports of the last start; empty when there was none or the file is damaged (it is only a memory). */
export function readPorts(home: string): Partial<Record<PortName, number>> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(home, 'ports.json'), 'utf8'))
    const entries = Object.entries(parsed ?? {}).filter(([, port]) => Number.isInteger(port) && port > 0 && port < 65_536)
    return Object.fromEntries(entries)
  } catch {
    return {}
  }
}
