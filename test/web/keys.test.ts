/** The console asks again with the same key where no answer came. */
import { describe, expect, it } from 'vitest'
import { Keys } from '../../web/http/keys.ts'

describe('keys of changes', () => {
  it('are the same for the same request until it is answered, and for a while', () => {
    const keys = new Keys()
    const first = keys.of('POST /units {"id":"a"}', 0)
    expect(keys.of('POST /units {"id":"a"}', 600_000)).toBe(first)
    expect(keys.of('POST /units {"id":"b"}', 0)).not.toBe(first)
    expect(keys.of('POST /units {"id":"a"}', 600_001)).not.toBe(first)
    const again = keys.of('POST /units {"id":"a"}', 600_002)
    keys.answered('POST /units {"id":"a"}')
    expect(keys.of('POST /units {"id":"a"}', 600_003)).not.toBe(again)
  })
})
