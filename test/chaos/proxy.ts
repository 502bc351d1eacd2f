/** A wire between two programs that can be slow, be cut and be out. */
import { connect, createServer, type Server, type Socket } from 'node:net'

export interface Wire {
  readonly port: number
  /** Ms by which what is sent to the server comes later; 0: at once. A statement and its answer take one way there. */
  delay(ms: number): void
  /** Ends all connections in the middle of what they say. Answers how many. */
  cut(): number
  /** While out, nobody gets through. */
  out(is: boolean): void
  close(): Promise<void>
}

/** Opens a wire on 127.0.0.1. @param port 0: a free one */
export async function openWire(target: number, port = 0): Promise<Wire> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let lag = 0
  let away = false

  const cut = () => {
    const many = pairs.size
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy()
    return many
  }
  const server: Server = createServer((client) => {
    if (away) return void client.resetAndDestroy()
    const behind = connect(target, '127.0.0.1')
    const pair = [client, behind] as const
    pairs.add(pair)
    for (const socket of pair) {
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        pairs.delete(pair)
        for (const other of pair) other.destroy()
      })
    }
    client.on(
      'data',
      late(client, behind, () => lag),
    )
    behind.on('data', (chunk: Buffer) => {
      if (!client.write(chunk)) {
        behind.pause()
        client.once('drain', () => behind.resume())
      }
    })
  })
  server.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as { port: number }).port,
    delay: (ms) => {
      lag = ms
    },
    cut,
    out: (is) => {
      away = is
      if (is) cut()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cut()
      }),
  }
}

/** Passes on in the order in which it came, each piece as late as was wanted when it came. */
function late(from: Socket, to: Socket, lag: () => number): (chunk: Buffer) => void {
  let last = Promise.resolve()
  let waiting = 0
  const pass = (chunk: Buffer) => {
    if (!to.destroyed && !to.write(chunk)) {
      from.pause()
      to.once('drain', () => from.resume())
    }
  }
  return (chunk) => {
    const ms = lag()
    if (ms === 0 && waiting === 0) return pass(chunk)
    const due = performance.now() + ms
    waiting++
    last = last.then(async () => {
      const left = due - performance.now()
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
      waiting--
      pass(chunk)
    })
  }
}
