/**
 * What the driver was told, written down before it goes on: a line of JSON for each answer, on the disk. Whatever is killed
 * afterwards, this is what must be true.
 */
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'

/** An answer to a request with an Idempotency-Key. */
export interface Entry {
  key: string
  kind: 'start' | 'command'
  order: string
  /** Version that the answer names; a start names none. */
  seq?: number
  status: number
  /** Problem code of a refusal. */
  code?: string
  /** Epoch ms at which the answer came, and ms since the request was first sent. */
  at: number
  ms: number
}

export class Ledger {
  /** Of commands and starts that were acknowledged. */
  acknowledged = 0
  private readonly fd: number
  /** When each request that is under way was sent first: epoch ms. */
  private readonly asked = new Map<string, number>()
  private readonly waiting: ((entry: Entry) => void)[] = []
  private listeners: ((entry: Entry, asked: number) => void)[] = []

  constructor(file: string) {
    this.fd = openSync(file, 'a')
  }

  /** Called with each acknowledgement and when its request was first sent, once it is on the disk. */
  onAcknowledged(listener: (entry: Entry, asked: number) => void): void {
    this.listeners.push(listener)
  }

  /** Keys of requests that have not been answered for good. */
  underWay(): Map<string, number> {
    return new Map(this.asked)
  }

  /** Fetch, with what comes back written down. */
  fetch: typeof fetch = async (url, init) => {
    const about = aboutOf(String(url), init)
    if (!about) return fetch(url, init)
    const began = this.asked.get(about.key) ?? Date.now()
    this.asked.set(about.key, began)
    const response = await fetch(url, init)
    // Asked again with the same key: not answered for good.
    if (response.status === 202 || response.status === 429 || response.status >= 500) return response
    const text = await response.text()
    const said = parsed(text)
    if (said.code === 'IDEMPOTENCY_IN_PROGRESS' || response.status === 401) return new Response(text, response)
    this.asked.delete(about.key)
    const at = Date.now()
    const entry: Entry = {
      ...about,
      order: about.order ?? said.order ?? '',
      status: response.status,
      at,
      ms: at - began,
      ...(said.seq !== undefined && { seq: said.seq }),
      ...(said.code !== undefined && { code: said.code }),
    }
    writeSync(this.fd, `${JSON.stringify(entry)}\n`)
    if (response.ok) {
      fdatasyncSync(this.fd)
      this.acknowledged++
      for (const listener of this.listeners) listener(entry, began)
    }
    return new Response(text, response)
  }

  close(): void {
    closeSync(this.fd)
  }
}

/** The lines of a ledger; half a line at its end, of a driver that was killed, is nothing that anybody was told. */
export function readLedger(file: string): Entry[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  lines.pop()
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Entry)
}

function aboutOf(url: string, init: RequestInit | undefined): (Pick<Entry, 'key' | 'kind'> & { order?: string }) | undefined {
  const key = (init?.headers as Record<string, string> | undefined)?.['idempotency-key']
  if (init?.method !== 'POST' || key === undefined) return undefined
  const path = new URL(url).pathname
  if (path.endsWith('/orders')) return { key, kind: 'start' }
  const order = /\/orders\/([^/]+)\/commands$/.exec(path)?.[1]
  return order === undefined ? undefined : { key, kind: 'command', order }
}

function parsed(text: string): { order?: string; seq?: number; code?: string } {
  try {
    return JSON.parse(text) as { order?: string; seq?: number; code?: string }
  } catch {
    return {}
  }
}
