/** Which addresses are the console's page. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mountConsole } from '../../api/http/console.ts'

const dir = mkdtempSync(join(tmpdir(), 'paidan-console-'))
const app = express()

beforeAll(() => {
  writeFileSync(join(dir, 'index.html'), '<meta property="csp-nonce" nonce="__CSP_NONCE__">the console')
  mountConsole(app, { dir, secure: false })
})
afterAll(() => rmSync(dir, { recursive: true }))

describe('the console', () => {
  it.each(['/', '/board', '/orders/oabc', '/orders/oabc.visit-customer.1', '/audit/oabc.close-run.1.rebate-payout.ag-00001'])(
    'answers %s with its page and a fresh nonce',
    async (path) => {
      const { status, text, headers } = await request(app).get(path).set('Accept', 'text/html')
      expect([status, text]).toEqual([200, expect.stringContaining('the console')])
      const nonce = /nonce="([^"]+)"/.exec(text)?.[1]
      expect(nonce).not.toBe('__CSP_NONCE__')
      expect(headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
    },
  )

  it.each(['/api/v1/orders/oabc.visit-customer.1', '/assets/gone.js', '/gone.js', '/docs/x'])('leaves %s to others', async (path) => {
    expect((await request(app).get(path).set('Accept', 'text/html')).status).toBe(404)
  })
})
