/** The door: an Express application that checks, asks the rules and the engine, and reads the record. */
import { randomUUID } from 'node:crypto'
import express, { type Express } from 'express'
import helmet from 'helmet'
import { pinoHttp } from 'pino-http'
import { noTracing } from '../worker/config/tracing.ts'
import { processes as allProcesses } from '../workflows/processes.ts'
import { createCatalogue } from './catalogue.ts'
import type { AppOptions, Deps } from './deps.ts'
import { contentSecurity, mountConsole } from './http/console.ts'
import { mountDocs } from './http/docs.ts'
import { errorHandler, noSuchRoute } from './http/errors.ts'
import { mountHealth } from './http/health.ts'
import { createLoad, farewell } from './http/load.ts'
import { createMetrics, mountMetrics } from './http/metrics.ts'
import { mount } from './http/mount.ts'
import { traced } from './http/traced.ts'
import { openApiDocument } from './http/openapi.ts'
import { loginGuards, ssoGuards, trackGuards } from './http/rate-limits.ts'
import { version } from './http/version.ts'
import { LiveHub } from './live/hub.ts'
import { operations } from './routes/index.ts'
import { API } from './routes/orders.ts'

/** The application, ready to listen. Nothing is connected here: what it needs is handed in. */
export function createApp({
  processes = allProcesses,
  now = Date.now,
  draining = () => false,
  tracing = noTracing,
  ...outside
}: AppOptions): Express {
  const { config, logger, pool } = outside
  const live = new LiveHub({ pool, logger, now, draining })
  const deps: Deps = { ...outside, now, draining, live, catalogue: createCatalogue(processes) }
  const app = express()
  app.disable('x-powered-by')
  // ETags are versions of orders here, not hashes of bodies.
  app.set('etag', false)
  // Who is believed about the client's address.
  app.set('trust proxy', trusted(config.TRUST_PROXY))

  const load = createLoad(config.MAX_REQUESTS)
  const metrics = createMetrics(deps, load)
  app.use(farewell(draining))
  app.use(metrics.measure)
  app.use(traced(tracing))
  app.use(
    pinoHttp({
      logger,
      genReqId(req, res) {
        const given = req.headers['x-request-id']
        const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
        res.setHeader('X-Request-Id', id)
        return id
      },
      // The token in the address of a customer's page is what opens it.
      serializers: { req: (req: { url?: string }) => ({ ...req, ...(req.url && { url: withoutToken(req.url) }) }) },
      customProps: (_req, res: { locals?: { about?: object } }) => ({ ...res.locals?.about }),
      redact: ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'],
      autoLogging: { ignore: (req) => /^\/(healthz|readyz|metrics)/.test(req.url ?? '') },
      customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'debug'),
    }),
  )
  app.use(
    helmet({
      contentSecurityPolicy: false,
      hsts: config.COOKIE_SECURE,
    }),
  )

  app.use(contentSecurity(config.COOKIE_SECURE))

  mountHealth(app, deps)
  mountMetrics(app, metrics, deps)
  mountDocs(app, API, openApiDocument(operations, API, version()))
  const page = trackGuards()
  app.use(API, load.shed)
  mount(app, API, operations, deps, {
    logIn: loginGuards(),
    beginSso: ssoGuards(),
    endSso: ssoGuards(),
    track: page.read,
    trackCommand: page.write,
    trackAttach: page.write,
  })
  mountConsole(app, { dir: config.CONSOLE_DIR, secure: config.COOKIE_SECURE })
  app.use(noSuchRoute)
  app.use(errorHandler)
  return app
}

/** As Express takes it. */
const trusted = (setting: string): string | number | false =>
  setting === 'none' ? false : /^\d+$/.test(setting) ? Number(setting) : setting

const withoutToken = (url: string): string => url.replace(/(\/track\/)[^/?]+/, '$1…')
