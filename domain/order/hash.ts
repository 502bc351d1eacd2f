/** The chain: event n carries SHA-256 over (hash of n-1, event n). */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { OrderEvent } from './event.ts'

/** Stands before the first event. */
export const GENESIS = ''

/** JSON with sorted keys and without undefined, so that a value has one text whichever store it came back from. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value)
}

/** SHA-256 of a text, in hex. */
export const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

/** Hash of an event after its predecessor's, 64 hex digits. */
export const chainHash = (previous: string, event: OrderEvent): string => digest(`${previous}\n${canonical(event)}`)

/** Index of the first event whose hash does not follow from its predecessor, or -1 where the chain is unbroken and gapless. */
export function firstBreak(events: readonly { event: OrderEvent; prevHash: string; hash: string }[]): number {
  let previous = GENESIS
  return events.findIndex(({ event, prevHash, hash }, index) => {
    const broken = event.seq !== index + 1 || prevHash !== previous || hash !== chainHash(previous, event)
    previous = hash
    return broken
  })
}
