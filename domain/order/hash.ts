/** The chain: event n carries SHA-256 over (hash of n-1, event n). */
import { sha256 as noble } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { OrderEvent } from './event.ts'

/** Stands before the first event. */
export const GENESIS = ''

/** A text that JSON writes as it is, between quotes: no quote, no backslash, no control character, no half of a surrogate pair. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/
const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))

/** Keys in the order of their code units. Events have few: putting each in its place needs no list beside theirs. */
function sorted(keys: string[]): string[] {
  if (keys.length > 20) return keys.sort()
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i]!
    let to = i
    for (; to > 0 && keys[to - 1]! > key; to--) keys[to] = keys[to - 1]!
    keys[to] = key
  }
  return keys
}

/** JSON with sorted keys and without undefined, so that a value has one text whichever store it came back from. */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null'
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  // Every event of every order goes through here, again and again: no lists on the way.
  let text = ''
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) text += (text === '' ? '' : ',') + canonical(item ?? null)
    return `[${text}]`
  }
  const fields = value as Readonly<Record<string, unknown>>
  for (const name of sorted(Object.keys(fields))) {
    const item = fields[name]
    if (item !== undefined) text += `${(text === '' ? '' : ',') + quoted(name)}:${canonical(item)}`
  }
  return `{${text}}`
}

/** SHA-256 of a text, in hex. */
export const digest = (text: string): string => bytesToHex(noble(utf8ToBytes(text)))

/** Hash of an event after its predecessor's, 64 hex digits. `sha256`: another implementation of `digest`, where the host has a faster one. */
export const chainHash = (previous: string, event: OrderEvent, sha256: typeof digest = digest): string =>
  sha256(`${previous}\n${canonical(event)}`)

/** Index of the first event whose hash does not follow from its predecessor, or -1 where the chain is unbroken and gapless. */
export function firstBreak(events: readonly { event: OrderEvent; prevHash: string; hash: string }[]): number {
  let previous = GENESIS
  return events.findIndex(({ event, prevHash, hash }, index) => {
    const broken = event.seq !== index + 1 || prevHash !== previous || hash !== chainHash(previous, event)
    previous = hash
    return broken
  })
}
