/** The HTTP API as a member of staff uses it: log in, read, give commands; what passes by itself is tried again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stats } from './stats.ts'

/** What the server answered. A refusal is an answer too. */
export type Answer<T> =
  | { ok: true; status: number; body: T }
  | { ok: false; status: number; code: string; detail?: string; fields: readonly string[] }

/** The server could not be reached, or kept failing, for as long as one waits; or the run is over. */
export class GaveUp extends Error {
  override readonly name = 'GaveUp'
}

interface Asking {
  method: 'GET' | 'POST'
  path: string
  body?: unknown
  form?: FormData
  key?: string
  /** Version of the order that the command was decided on. */
  version?: number
}

export interface ApiOptions {
  /** Without a trailing slash, e.g. http://127.0.0.1:3000. */
  url: string
  stats: Stats
  /** Aborted when the run is over: nothing is tried again for long then. */
  stop: AbortSignal
  /** Ms for which a request is repeated while the server fails. */
  patience?: number
  /** Ms between two tries at most. */
  longestPause?: number
  fetch?: typeof fetch
}

const AFTER_STOP_MS = 3_000

/** The door, before anybody has logged in. */
export class Api {
  private readonly options: ApiOptions

  constructor(options: ApiOptions) {
    this.options = options
  }

  get url(): string {
    return this.options.url
  }

  /** @throws GaveUp; Error when login or password is wrong */
  async logIn(login: string, password: string): Promise<Session> {
    const token = await this.tokenFor(login, password)
    return new Session(this, login, token, () => this.tokenFor(login, password))
  }

  private async tokenFor(login: string, password: string): Promise<string> {
    const answer = await this.request<{ token: string }>({ method: 'POST', path: '/sessions', body: { login, password, kind: 'bearer' } })
    if (!answer.ok) throw new Error(`${login} can't log in: ${answer.code} ${answer.detail ?? ''}`)
    return answer.body.token
  }

  /**
   * One request with its repetitions, all with the same Idempotency-Key: it takes effect once.
   * @throws GaveUp
   */
  async request<T>(asking: Asking, token?: string): Promise<Answer<T>> {
    const { stats, stop, patience = 30_000, longestPause = 3_000 } = this.options
    const began = performance.now()
    for (let pause = 100; ; pause = Math.min(pause * 2, longestPause)) {
      const tried = await this.once<T>(asking, token)
      if (!('again' in tried)) {
        stats.latency(asking.method === 'POST' ? 'write' : 'read', performance.now() - began)
        return tried
      }
      const waited = performance.now() - began
      if (waited > (stop.aborted ? Math.min(AFTER_STOP_MS, patience) : patience))
        throw new GaveUp(`${asking.method} ${asking.path}: ${tried.again}`)
      stats.retried(tried.again)
      await sleep(Math.max(pause, tried.after ?? 0))
    }
  }

  private async once<T>(asking: Asking, token: string | undefined): Promise<Answer<T> | { again: string; after?: number }> {
    let response: Response
    try {
      response = await (this.options.fetch ?? fetch)(`${this.options.url}/api/v1${asking.path}`, request(asking, token))
    } catch (error) {
      return { again: ((error as Error).cause as { code?: string } | undefined)?.code ?? (error as Error).message }
    }
    const text = await response.text().catch(() => '')
    const after = Number(response.headers.get('retry-after') ?? 0) * 1_000
    // Sent, and not recorded in time: the same request again gets the answer.
    if (response.status === 202) return { again: 'not recorded yet', after }
    const body = parsed(text) as Problem
    if (response.ok) return { ok: true, status: response.status, body: body as T }
    const code = typeof body?.code === 'string' ? body.code : `HTTP_${response.status}`
    if (response.status >= 500 || response.status === 429 || code === 'IDEMPOTENCY_IN_PROGRESS') return { again: code, after }
    return {
      ok: false,
      status: response.status,
      code,
      ...(body?.detail !== undefined && { detail: body.detail }),
      fields: (body?.errors ?? []).map(({ field }) => field),
    }
  }
}

interface Problem {
  code?: string
  detail?: string
  errors?: { field: string }[]
}

/** A member of staff at work. */
export class Session {
  readonly login: string
  private readonly api: Api
  private token: string
  private readonly renew: () => Promise<string>

  constructor(api: Api, login: string, token: string, renew: () => Promise<string>) {
    this.api = api
    this.login = login
    this.token = token
    this.renew = renew
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.ask<T>({ method: 'GET', path })
  }

  post<T>(path: string, body: unknown, key: string, version?: number): Promise<Answer<T>> {
    return this.ask<T>({ method: 'POST', path, body, key, ...(version !== undefined && { version }) })
  }

  upload<T>(path: string, form: FormData, key: string): Promise<Answer<T>> {
    return this.ask<T>({ method: 'POST', path, form, key })
  }

  private async ask<T>(asking: Asking): Promise<Answer<T>> {
    const answer = await this.api.request<T>(asking, this.token)
    if (answer.ok || answer.status !== 401) return answer
    this.token = await this.renew()
    return this.api.request<T>(asking, this.token)
  }
}

function request({ method, body, form, key, version }: Asking, token: string | undefined): RequestInit {
  const headers: Record<string, string> = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(key && { 'idempotency-key': key }),
    ...(version !== undefined && { 'if-match': `"${version}"` }),
  }
  const content = form ?? (body === undefined ? undefined : JSON.stringify(body))
  return { method, headers, signal: AbortSignal.timeout(30_000), ...(content !== undefined && { body: content }) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
