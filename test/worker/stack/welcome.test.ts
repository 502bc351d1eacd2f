import { describe, expect, it } from 'vitest'
import { login as loginBody } from '../../../api/schemas/session.ts'
import { startIn } from '../../../api/schemas/order.ts'
import { checkForm } from '../../../domain/order/form.ts'
import { specs } from '../../../domain/processes/index.ts'
import { serviceRows } from '../../../prisma/seed/customers.ts'
import { demoLogins } from '../../../prisma/seed/index.ts'
import { tryCommands, welcome } from '../../../worker/stack/welcome.ts'

const url = 'http://127.0.0.1:3000'
const monitor = demoLogins.find(({ login }) => login === 'monitor')
if (!monitor) throw new Error('the demo data has no monitor')
const bodies = tryCommands(url, monitor).flatMap((command) => {
  const body = /-d '([^']*)'/.exec(command)?.[1]
  return body ? [JSON.parse(body) as unknown] : []
})

describe('the commands to try', () => {
  it('log in as somebody who exists', () => {
    expect(loginBody.parse(bodies[0])).toEqual({ login: 'monitor', password: monitor.password, kind: 'bearer' })
  })

  it('report a fault that the API takes, on a service of the demo product whose limits are seconds', () => {
    const order = startIn.parse(bodies[1])
    const spec = Object.values(specs).find(({ id }) => id === order.process)
    if (!spec) throw new Error(`there is no process ${order.process}`)
    expect(() => checkForm(spec.input, order.input as Parameters<typeof checkForm>[1], 'input')).not.toThrow()
    const service = serviceRows().find(({ id }) => id === order.input.service)
    expect(service).toMatchObject({ customer_id: order.customerId, product_id: 'demo-line', status: 'active' })
  })
})

describe('the last lines of npm start', () => {
  it('name the address, every demo login and the commands', () => {
    const text = welcome({ url, temporalUi: undefined, demo: true }, demoLogins, '/data', 4.21)
    expect(text).toContain(`Ready after 4.2 s: ${url}`)
    for (const { login, password, nameZh } of demoLogins) expect(text).toMatch(new RegExp(`${login}/${password} .*${nameZh}`))
    for (const command of tryCommands(url, monitor)) expect(text).toContain(command)
  })

  it('offer no demo logins for a database that is not ours', () => {
    const text = welcome({ url, temporalUi: undefined, demo: false }, demoLogins, '/data', 4)
    expect(text).not.toContain('/demo')
    expect(text).not.toContain('curl')
  })
})
