/** The console: hashed files that never change, and one page for every address that is not the API's. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { API } from '../routes/orders.ts'

const NONCE = /__CSP_NONCE__/g
/** A file that is not there. Deeper addresses may have dots: a child's id names its parent and the step, `o….visit-customer.1`. */
const FILE = /^\/[^/]*\.\w+$/
const YEAR_MS = 365 * 86_400_000
/** Addresses below these are never the console's. */
const others = [API, '/docs', '/healthz', '/readyz', '/metrics', '/assets']

/** The policy of every answer. With a nonce also the style sheets that the console's components write. */
export function contentSecurity(secure: boolean, nonce?: string): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      objectSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", ...(nonce ? [`'nonce-${nonce}'`] : [])],
      ...(secure && { upgradeInsecureRequests: [] }),
    },
  })
}

/** Serves what `npm run build:web` made; without it the addresses answer as before. */
export function mountConsole(app: Express, { dir, secure }: { dir: string; secure: boolean }): void {
  const index = join(dir, 'index.html')
  if (!existsSync(index)) return
  const page = readFileSync(index, 'utf8')
  app.use('/assets', express.static(join(dir, 'assets'), { index: false, immutable: true, maxAge: YEAR_MS, fallthrough: true }))
  app.use(express.static(dir, { index: false, maxAge: '1h', dotfiles: 'ignore' }))
  app.get('/{*path}', (req, res, next) => {
    const ours = !others.some((base) => req.path === base || req.path.startsWith(`${base}/`))
    if (!ours || FILE.test(req.path) || !req.accepts('html')) return next()
    const nonce = randomBytes(16).toString('base64')
    contentSecurity(secure, nonce)(req, res, (error?: unknown) => {
      if (error) return next(error)
      res.set('Cache-Control', 'no-store').type('html').send(page.replace(NONCE, nonce))
    })
  })
}
