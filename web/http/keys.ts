/**
 * Idempotency-Keys of changes. A request that got no answer may have been taken all the same: the same request again goes with the
 * same key and takes effect once. An answer, also a refusal, ends that: what is asked next is another request.
 */

export const newKey = (): string => crypto.randomUUID()

/** Later than this, the same words mean it anew. */
const AGAIN_MS = 600_000

interface Open {
  key: string
  at: number
}

export class Keys {
  private readonly open = new Map<string, Open>()

  /** @param what the request in words: method, path, headers and body */
  of(what: string, now = Date.now()): string {
    const known = this.open.get(what)
    if (known && now - known.at <= AGAIN_MS) return known.key
    const key = newKey()
    this.open.set(what, { key, at: now })
    return key
  }

  answered(what: string): void {
    this.open.delete(what)
  }
}
