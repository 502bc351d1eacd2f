/** Each request as a span, under that of whoever asks where he names one (traceparent). */
import type { RequestHandler } from 'express'
import { type Tracing, traceIdOf } from '../../worker/config/tracing.ts'

const WATCHED = /^\/api\//

export const traced =
  (tracing: Tracing): RequestHandler =>
  (req, res, next) => {
    if (!WATCHED.test(req.path) || req.path.endsWith('/stream')) return next()
    const { traceparent } = req.headers
    const options = {
      kind: 'server',
      parent: typeof traceparent === 'string' ? traceparent : undefined,
      attributes: { 'http.request.method': req.method },
    } as const
    void tracing.span(`${req.method} request`, options, (span) => {
      const trace = traceIdOf(tracing.current())
      if (trace) res.locals.trace = trace
      return new Promise<void>((resolve) => {
        res.once('close', () => {
          const { operation, order, command, by } = (res.locals.about ?? {}) as Record<string, string | undefined>
          if (operation) span.rename(operation)
          span.set({
            'http.response.status_code': res.statusCode,
            'paidan.request_id': String(req.id),
            ...(order && { 'paidan.order': order }),
            ...(command && { 'paidan.command': command }),
            ...(by && { 'paidan.by': by }),
          })
          if (res.statusCode >= 500) span.failed(String(res.locals.problem ?? res.statusCode))
          resolve()
        })
        next()
      })
    })
  }
