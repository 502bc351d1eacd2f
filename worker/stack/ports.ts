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

/**
 * Free ports for the stack, the same as last time where they are still free, so that addresses survive a restart.
 *
 * @param home folder that holds `ports.json`
 * @param preferred first choice where nothing is remembered
 */
export async function choosePorts(
  home: string,
  names: readonly PortName[],
  preferred: Partial<Record<PortName, number>> = {},
): Promise<Record<PortName, number>> {
  const remembered = readPorts(home)
  const chosen: Partial<Record<PortName, number>> = { ...remembered }
  const taken = new Set<number>()
  for (const name of names) {
    let port: number | undefined
    for (const candidate of [remembered[name], preferred[name]]) {
      if (candidate !== undefined && !taken.has(candidate) && (await isPortFree(candidate))) {
        port = candidate
        break
      }
    }
    while (port === undefined || taken.has(port)) port = await freePort()
    taken.add(port)
    chosen[name] = port
  }
  const file = join(home, 'ports.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(chosen, null, 2)}\n`)
  renameSync(`${file}.new`, file)
  return chosen as Record<PortName, number>
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
