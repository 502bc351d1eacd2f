import type { RunningStack } from './run.ts'

export interface DemoLogin {
  login: string
  password: string
  role: string
  nameEn: string
  nameZh: string
}

/** A demo service whose limits are seconds, so that a newcomer sees a warning and a breach within two minutes. */
const report = {
  process: 'graded-fault',
  customerId: 'cu-013',
  title: 'Demo line is down',
  input: { service: 'sv-013-3', symptom: 'No light on the port', reporter: 'Zhao Min', source: 'monitoring' },
}

/** Three commands that can be pasted as they are: log in, report a fault, let twenty people work. */
export function tryCommands(url: string, login: DemoLogin): string[] {
  const post = (path: string, body: unknown, ...headers: string[]) =>
    [
      `curl -s ${url}/api/v1${path}`,
      ...["'content-type: application/json'", ...headers].map((header) => `-H ${header}`),
      `-d '${JSON.stringify(body)}'`,
    ].join(' ')
  return [
    `TOKEN=$(${post('/sessions', { login: login.login, password: login.password, kind: 'bearer' })} | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
    post('/orders', report, '"authorization: Bearer $TOKEN"', '"idempotency-key: $(date +%s%N)"'),
    'npm run simulate -- --people 20 --minutes 5',
  ]
}

/** What is printed when everything runs. */
export function welcome(stack: RunningStack, logins: readonly DemoLogin[], home: string, seconds: number): string {
  const lines = [`Ready after ${seconds.toFixed(1)} s: ${stack.url} (documentation of the API: ${stack.url}/docs)`]
  if (stack.temporalUi) lines.push(`Temporal's own pages: ${stack.temporalUi}`)
  lines.push(`Logs: ${home}/logs`)
  const monitor = logins.find(({ login }) => login === 'monitor') ?? logins[0]
  if (stack.demo && monitor) {
    const width = Math.max(...logins.map(({ login }) => login.length)) + 2
    lines.push('', 'Demo logins (password after the slash):')
    for (const { login, password, role, nameEn, nameZh } of logins)
      lines.push(`  ${`${login}/${password}`.padEnd(width + 6)} ${role}: ${nameEn} ${nameZh}`)
    lines.push('', 'Try, in another terminal:', ...tryCommands(stack.url, monitor).map((command) => `  ${command}`))
  }
  lines.push('', 'Ctrl-C stops everything; the data stays. npm run reset starts over.')
  return lines.join('\n')
}
