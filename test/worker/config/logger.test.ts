import { describe, expect, it } from 'vitest'
import { createLogger, scrub } from '../../../worker/config/logger.ts'

function lines(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = ''
  write(createLogger('debug', 'test', { write: (line: string) => void (text += line) }))
  return text
}

describe('a log line', () => {
  it('carries no secret, by whatever name', () => {
    const text = lines((log) => {
      log.info({ password: 'hunter2', body: { password: 'hunter2', token: 'abcSECRETabc' } }, 'logging in')
      log.info({ req: { headers: { authorization: 'Bearer abcSECRETabc', cookie: 'paidan=abcSECRETabc' } } }, 'a request')
      log.error({ err: new Error('cannot reach postgresql://paidan:hunter2@db.example:5432/paidan') }, 'no database')
      log.warn('sent Authorization: Bearer abcSECRETabc')
      log.debug({ url: '/api/v1/track/abcSECRETabc/files?x=1' }, 'GET /api/v1/track/abcSECRETabc')
    })
    expect(text).not.toMatch(/hunter2|abcSECRETabc/)
    expect(text.trim().split('\n')).toHaveLength(5)
    for (const line of text.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ name: 'test' })
    expect(text).toContain('db.example:5432')
  })

  it.each([
    '13812345678',
    '138 1234 5678',
    '138-1234-5678',
    '+86 13812345678',
    '8613812345678',
    '025-83123456',
    '0571 8312345',
    '+44 20 7946 0958',
  ])('carries no telephone number: %s', (phone) => {
    const text = lines((log) => {
      log.info({ form: { reporterPhone: phone, nested: [{ said: `call ${phone}, please` }] } }, `reported by ${phone}`)
      log.error({ err: Object.assign(new Error(`duplicate ${phone}`), { detail: `Key (phone)=(${phone}) exists` }) }, 'x')
    })
    expect(text).not.toContain(phone)
    expect(text.match(/\[phone\]/g)!.length).toBeGreaterThanOrEqual(5)
  })

  it.each([
    '{"time":1767574800000,"seq":12,"ms":13.25}',
    'order ok3v7q2xw5m4n6p7r2s4t moved',
    '2026-01-05T01:00:00.000Z',
    'SV-13812345678',
    '550e8400-e29b-41d4-a716-446655440000',
    'amount 138123456789',
  ])('keeps what only looks like one: %s', (text) => expect(scrub(text)).toBe(text))
})
