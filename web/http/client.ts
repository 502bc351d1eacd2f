/** Requests to the API. Every change carries an Idempotency-Key, so that it can be sent again when no answer came. */
import { Keys, newKey } from './keys.ts'
import { ApiProblem, type ProblemDocument, Unreachable } from './problem.ts'

export { newKey }

export const API = '/api/v1'

interface Options {
  body?: unknown
  /** The same key again takes effect once. Default: a new one, which stays with the request until it is answered. */
  key?: string
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** `/orders` and `{ status: 'open', q: undefined }` → `/orders?status=open`. */
export function withQuery(path: string, query: Query): string {
  const text = new URLSearchParams(
    Object.entries(query)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  return text ? `${path}?${text}` : path
}

let language = 'zh'
let signedOut = () => {}

/** In which language refusals are told. */
export const speak = (lang: 'en' | 'zh'): void => {
  language = lang
}

/** What happens when the session has ended. */
export const onSignedOut = (action: () => void): void => {
  signedOut = action
}

const keys = new Keys()
const ATTEMPTS = 4
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Asks the API and reads its JSON.
 *
 * @throws ApiProblem what was refused; Unreachable when nobody answers, after repeats
 */
export async function request<T>(method: string, path: string, { body, key, headers = {}, signal }: Options = {}): Promise<T> {
  const changes = method !== 'GET'
  const sent: Record<string, string> = { accept: 'application/json', 'accept-language': language, ...headers }
  const isFile = body instanceof FormData
  if (body !== undefined && !isFile) sent['content-type'] = 'application/json'
  const payload = body === undefined ? undefined : isFile ? body : JSON.stringify(body)
  const what = JSON.stringify([method, path, headers, isFile ? newKey() : payload])
  if (changes) sent['idempotency-key'] = key ?? keys.of(what)
  for (let attempt = 1; ; attempt++) {
    const response = await ask(path.startsWith('/') ? `${API}${path}` : path, { method, headers: sent, body: payload, signal })
    const again = response instanceof Unreachable || response.status === 503 || response.status === 202
    if (again && attempt < ATTEMPTS && !signal?.aborted) {
      if (response instanceof Response && response.status === 202 && isProgress(response)) {
        keys.answered(what)
        return read<T>(response)
      }
      await pause(300 * 2 ** attempt)
      continue
    }
    if (response instanceof Unreachable) throw response
    // An error of the server's own is not an answer: it may have come after the change was made.
    if (response.status < 500 && response.status !== 202) keys.answered(what)
    return read<T>(response)
  }
}

/** A 202 that names a command is to be asked again; one that names a run of its own is the answer. */
const isProgress = (response: Response): boolean => !/\/commands\//.test(response.headers.get('location') ?? '')

async function ask(url: string, init: RequestInit): Promise<Response | Unreachable> {
  try {
    return await fetch(url, { ...init, credentials: 'same-origin' })
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    return new Unreachable(error)
  }
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text()
  if (response.ok) return (text ? JSON.parse(text) : undefined) as T
  if (response.status === 401 && !response.url.endsWith('/sessions')) signedOut()
  throw new ApiProblem(problemOf(text, response))
}

function problemOf(text: string, response: Response): ProblemDocument {
  try {
    const document = JSON.parse(text) as Partial<ProblemDocument>
    if (document.code && document.title) return document as ProblemDocument
  } catch {
    // A proxy in between speaks HTML.
  }
  const { status, statusText, url } = response
  return { type: 'about:blank', title: `${status} ${statusText}`, status, code: 'INTERNAL', instance: url, requestId: '' }
}

export const get = <T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> =>
  request<T>('GET', withQuery(path, query), { signal })
export const post = <T>(path: string, body?: unknown, options: Options = {}): Promise<T> => request<T>('POST', path, { ...options, body })
