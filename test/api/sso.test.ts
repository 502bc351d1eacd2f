import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { localPath } from '../../api/auth/sso.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { API, type Door, openDoor } from './support/door.ts'

/** A real provider on this machine, with its own pages for logging in and for consent. */
let idp: Server
let handler: RequestListener = (_req, res) => void res.writeHead(503).end()
let issuer: string
let door: Door
let home: string
const groups: Record<string, string[]> = {}
const SECRET = 'a-secret-of-the-client'

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  idp = createServer((req, res) => handler(req, res)).listen(0, '127.0.0.1')
  await new Promise((resolve) => idp.once('listening', resolve))
  issuer = `http://127.0.0.1:${(idp.address() as AddressInfo).port}`
  door = await openDoor({ OIDC_ISSUER: issuer, OIDC_CLIENT_SECRET: SECRET })
  home = `http://127.0.0.1:${(door.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await door.close()
  idp.closeAllConnections()
  idp.close()
})

function openProvider(): void {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'paidan',
        client_secret: SECRET,
        redirect_uris: [`${home}${API}/sso/callback`],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    findAccount: (_ctx: unknown, sub: string) => ({
      accountId: sub,
      claims: () => Promise.resolve({ sub, preferred_username: sub, groups: groups[sub] ?? [] }),
    }),
  })
  handler = provider.callback()
}

/** A browser: it keeps cookies by host and follows no redirect by itself. */
class Browser {
  readonly cookies = new Map<string, string>()

  async ask(url: string, form?: Record<string, string>): Promise<Response> {
    const jar = [...this.cookies]
      .filter(([key]) => key.startsWith(new URL(url).host))
      .map(([key, value]) => `${key.split('|')[1]}=${value}`)
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie: jar.join('; '), ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }) },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split(/=(.*)/s) as [string, string]
      if (value === '') this.cookies.delete(`${new URL(url).host}|${name}`)
      else this.cookies.set(`${new URL(url).host}|${name}`, value)
    }
    return response
  }

  /** Goes on until our own address comes; answers it without asking it. */
  async through(from: string, login: string): Promise<string> {
    let url = from
    let form: Record<string, string> | undefined
    for (let steps = 0; steps < 20; steps++) {
      const response = await this.ask(url, form)
      form = undefined
      const next = response.headers.get('location')
      if (next === null) {
        const page = await response.text()
        if (response.status !== 200) throw new Error(`${url}: ${response.status} ${page.slice(0, 500)}`)
        form = page.includes('name="login"') ? { prompt: 'login', login, password: 'x' } : { prompt: 'consent' }
        url = new URL(/action="([^"]+)"/.exec(page)![1]!, url).href
        continue
      }
      url = new URL(next, url).href
      if (url.startsWith(home)) return url
    }
    throw new Error('the provider leads nowhere')
  }
}

const begin = async (browser: Browser, returnTo = '/board') => {
  const response = await browser.ask(`${home}${API}/sso/login?returnTo=${encodeURIComponent(returnTo)}`)
  expect(response.status).toBe(302)
  return response.headers.get('location')!
}
const code = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code]
const whoIs = async (browser: Browser) =>
  (await (await browser.ask(`${home}${API}/me`)).json()) as { login: string; roles: { role: string; unit: string }[] }

describe('login at an identity provider', () => {
  it('waits for a provider that does not answer, and finds it later', async () => {
    expect(await code(await new Browser().ask(`${home}${API}/sso/login`))).toEqual([503, 'SSO_UNAVAILABLE'])
    openProvider()
    const url = new URL(await begin(new Browser()))
    expect(url.origin).toBe(issuer)
    for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name)!.length).toBeGreaterThanOrEqual(32)
    expect([url.searchParams.get('code_challenge_method'), url.searchParams.get('response_type')]).toEqual(['S256', 'code'])
  })

  it('opens a session for who the provider says it is, once', async () => {
    const browser = new Browser()
    const callback = await browser.through(await begin(browser), 'engineer')
    const response = await browser.ask(callback)
    expect([response.status, response.headers.get('location')]).toEqual([303, '/board'])
    expect((await whoIs(browser)).login).toBe('engineer')
    // The same answer again, as who has seen the address would try.
    expect(await code(await browser.ask(callback))).toEqual([401, 'SSO_REFUSED'])
    expect((await whoIs(browser)).login).toBe('engineer')
  })

  it.each([
    ['in another browser than it began', (url: URL) => [new Browser(), url] as const],
    ['with another state', (url: URL, own: Browser) => [own, (url.searchParams.set('state', 'x'.repeat(43)), url)] as const],
    ['with another code', (url: URL, own: Browser) => [own, (url.searchParams.set('code', 'x'.repeat(43)), url)] as const],
    ['from another issuer', (url: URL, own: Browser) => [own, (url.searchParams.set('iss', 'https://elsewhere.example'), url)] as const],
    [
      'with a refusal',
      (url: URL, own: Browser) => [own, (url.searchParams.delete('code'), url.searchParams.set('error', 'access_denied'), url)] as const,
    ],
  ])('is refused %s', async (_what, change) => {
    const own = new Browser()
    const [browser, url] = change(new URL(await own.through(await begin(own), 'engineer')), own)
    expect(await code(await browser.ask(url.href))).toEqual([401, 'SSO_REFUSED'])
    expect([...browser.cookies.keys()].some((key) => key.endsWith('|paidan'))).toBe(false)
  })

  it('is refused where the code was made for another verifier or nonce: both come from the attempt alone', async () => {
    for (const column of ['verifier', 'nonce']) {
      const browser = new Browser()
      const callback = await browser.through(await begin(browser), 'engineer')
      await door.db.pool.query(`UPDATE sso_attempt SET ${column} = repeat('x', 43)`)
      expect(await code(await browser.ask(callback))).toEqual([401, 'SSO_REFUSED'])
    }
  })

  it('is refused when it took too long, and to who does not work here', async () => {
    const slow = new Browser()
    const callback = await slow.through(await begin(slow), 'engineer')
    door.now.value += 11 * 60_000
    expect(await code(await slow.ask(callback))).toEqual([401, 'SSO_REFUSED'])
    const stranger = new Browser()
    expect(await code(await stranger.ask(await stranger.through(await begin(stranger), 'nobody-of-ours')))).toEqual([401, 'SSO_REFUSED'])
  })

  it('ends the session that the browser had', async () => {
    const browser = new Browser()
    await browser.ask(await browser.through(await begin(browser), 'engineer'))
    const before = new Browser()
    for (const [key, value] of browser.cookies) before.cookies.set(key, value)
    await browser.ask(await browser.through(await begin(browser), 'engineer'))
    expect((await before.ask(`${home}${API}/me`)).status).toBe(401)
    expect((await whoIs(browser)).login).toBe('engineer')
  })

  it('gives and takes roles with the groups, and leaves those given by hand', async () => {
    await door.db.pool.query(
      `INSERT INTO sso_role VALUES ('desk', 'dispatcher', NULL), ('audit', 'auditor', NULL), ('audit', 'no-such-role', NULL)`,
    )
    const own = [...person('lawyer').roles]
    const rolesAs = async (names: string[]) => {
      groups.lawyer = names
      const browser = new Browser()
      await browser.ask(await browser.through(await begin(browser), 'lawyer'))
      return [...new Set((await whoIs(browser)).roles.map(({ role }) => role))].sort()
    }
    expect(await rolesAs(['desk', 'unknown'])).toEqual([...own, 'dispatcher'].sort())
    expect(await rolesAs(['audit'])).toEqual([...own, 'auditor'].sort())
    expect(await rolesAs([])).toEqual(own.sort())
    const log = (await (await door.as('auditor')).get('/admin-log?action=scopes-changed')).body
    expect(
      log.items.map(({ detail }: { detail: { given: string[]; taken: string[] } }) => [detail.given.length, detail.taken.length]),
    ).toEqual([
      [0, 1],
      [1, 1],
      [1, 0],
    ])
  })

  it.each([
    ['/board?x=1', '/board?x=1'],
    ['//elsewhere.example', '/'],
    ['/\\elsewhere.example', '/'],
    ['https://elsewhere.example', '/'],
    ['/a\r\nSet-Cookie: x', '/'],
    [undefined, '/'],
  ])('goes on to a page of ours: %s', (asked, to) => expect(localPath(asked)).toBe(to))
})

it('without a provider there is nothing of it', async () => {
  const plain = await openDoor()
  expect((await plain.anybody.get('/sso/login')).status).toBe(404)
  await plain.close()
})
