/** A reader of server-sent events. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface SseEvent {
  event: string
  data: any
  id: string
  /** When it was read, epoch ms. */
  at: number
}

export class Sse {
  readonly events: SseEvent[] = []
  status = 0
  /** Id of the last event read. */
  lastId = ''
  ended = false
  private readonly aborted = new AbortController()
  private readonly heard: ((event: SseEvent) => void) | undefined

  private constructor(heard?: (event: SseEvent) => void) {
    this.heard = heard
  }

  /** Answers once the headers are there. */
  static async open(url: string, headers: Record<string, string>, heard?: (event: SseEvent) => void): Promise<Sse> {
    const sse = new Sse(heard)
    const response = await fetch(url, { headers, signal: sse.aborted.signal })
    sse.status = response.status
    if (response.status === 200) void sse.read(response.body!).catch(() => {})
    return sse
  }

  close(): void {
    this.aborted.abort()
  }

  /** The first event that fits and has not been taken yet; waits for it. @throws Error after 5 s */
  async next(event: string, fits: (data: any) => boolean = () => true): Promise<SseEvent> {
    const end = Date.now() + 5_000
    while (Date.now() < end) {
      const at = this.events.findIndex((one) => one.event === event && fits(one.data))
      if (at >= 0) return this.events.splice(at, 1)[0]!
      await sleep(10)
    }
    throw new Error(`no ${event} came; there are ${this.events.map((one) => one.event).join(', ') || 'none'}`)
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    let text = ''
    try {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true })
        const blocks = text.split('\n\n')
        text = blocks.pop()!
        for (const block of blocks) this.take(block)
      }
    } finally {
      this.ended = true
    }
  }

  private take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
    if (fields.has('id')) this.lastId = fields.get('id')!
    if (!fields.has('data')) return
    const event = { event: fields.get('event')!, data: JSON.parse(fields.get('data')!), id: this.lastId, at: Date.now() }
    this.events.push(event)
    this.heard?.(event)
  }
}
