/** Ids of orders follow from who asks and with which key, or from the number at the source: a repeat finds the same order. */
import { createHash } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** 'o' and 20 characters of base32: 100 bits of a SHA-256. */
function id(...parts: string[]): string {
  const bytes = createHash('sha256').update(parts.join('\0')).digest()
  let text = 'o'
  for (let bit = 0; bit < 100; bit += 5) {
    const at = bit >> 3
    const pair = (bytes[at]! << 8) | bytes[at + 1]!
    text += ALPHABET[(pair >> (11 - (bit & 7))) & 31]
  }
  return text
}

/** Id of the order that a person starts with a key. */
export const orderIdOfKey = (principal: string, key: string): string => id('key', principal, key)

/** Id of the order that a source's number stands for (catalogue 0.3 KEY). */
export const orderIdOfSource = (channel: string, number: string): string => id('source', channel, number)

/** The step that a task's id names: `repair-fault.2`, `standby:site-a.1`. */
export const stepOf = (task: string): string => /^[^:.]+/.exec(task)?.[0] ?? ''
