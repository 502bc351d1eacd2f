/** The last handlers: what nobody answered, and what went wrong. */
import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import { Problem, asProblem, problemDocument } from '../problem.ts'

export const noSuchRoute: RequestHandler = () => {
  throw new Problem('NO_SUCH_ROUTE')
}

export const language = (req: Request): 'en' | 'zh' => (req.acceptsLanguages('en', 'zh') === 'zh' ? 'zh' : 'en')

export const errorHandler: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const problem = asProblem(error)
  res.locals.problem = problem.code
  if (problem.status >= 500) req.log.error({ err: problem.cause ?? problem, code: problem.code }, 'request failed')
  // A refusal leaves no trace in the record: the log is where one can see who tried what.
  else req.log.info({ code: problem.code, detail: problem.detail, operation: res.locals.operation as unknown }, 'request refused')
  if (res.headersSent) {
    next(error)
    return
  }
  // The rest of a body that nobody will read must not be taken for the next request.
  if (!req.complete) res.set('Connection', 'close')
  res
    .status(problem.status)
    .set(problem.headers)
    .set('Cache-Control', 'no-store')
    .set('Content-Language', language(req))
    .type('application/problem+json')
    .send(
      JSON.stringify(
        problemDocument(problem, { lang: language(req), instance: req.originalUrl.split('?')[0]!, requestId: String(req.id) }),
      ),
    )
}
