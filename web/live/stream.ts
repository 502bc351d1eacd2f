/**
 * What changes, told by the server. Many tabs share one connection: the tab that holds the lock listens and passes on what it hears.
 */
import { API } from '../http/client.ts'
import type { Told } from './told.ts'

export type Connection = 'connecting' | 'open' | 'lost'

type Hear = (told: Told) => void

const kinds = ['order', 'rung', 'notification', 'resync'] as const

/** Begins to listen; the answer stops it. */
export function listen(hear: Hear, connection: (state: Connection) => void): () => void {
  const channel = new BroadcastChannel('paidan-live')
  const stop = new AbortController()
  let source: EventSource | undefined
  const pass = (message: { told?: Told; state?: Connection }) => {
    if (message.told) hear(message.told)
    if (message.state) connection(message.state)
  }
  channel.onmessage = ({ data }: MessageEvent<{ told?: Told; state?: Connection; ask?: true }>) => {
    if (data.ask && source) channel.postMessage({ state: source.readyState === EventSource.OPEN ? 'open' : 'lost' })
    else pass(data)
  }
  const both = (message: { told?: Told; state?: Connection }) => {
    // What comes after the last listener has gone concerns nobody, and the channel is closed.
    if (stop.signal.aborted) return
    pass(message)
    channel.postMessage(message)
  }
  const open = () => {
    source = new EventSource(`${API}/stream`)
    source.onopen = () => both({ state: 'open' })
    // The browser tries again by itself, with Last-Event-ID; where it gave up we begin anew.
    source.onerror = () => {
      both({ state: 'lost' })
      if (source?.readyState === EventSource.CLOSED && !stop.signal.aborted) setTimeout(reopen, 3_000)
    }
    for (const type of kinds)
      source.addEventListener(type, ({ data }: MessageEvent<string>) => both({ told: { type, data: JSON.parse(data) } }))
  }
  const reopen = () => {
    if (stop.signal.aborted) return
    source?.close()
    open()
    both({ told: { type: 'resync', data: {} } })
  }
  channel.postMessage({ ask: true })
  void navigator.locks
    .request('paidan-live', { signal: stop.signal }, () => {
      open()
      return new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()))
    })
    .catch(() => undefined)
  return () => {
    stop.abort()
    source?.close()
    channel.close()
  }
}
