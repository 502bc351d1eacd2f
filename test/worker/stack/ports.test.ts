import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { choosePorts, freeLowPorts, freePort, isListening, isPortFree, readPorts } from '../../../worker/stack/ports.ts'
import { testFolder } from './folder.ts'

function listen(port: number): Promise<Server> {
  const server = createServer()
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  return new Promise((resolve, reject) => server.once('error', reject).listen({ port, host: '127.0.0.1' }, () => resolve(server)))
}

describe('ports', () => {
  it('tells a free port from a taken one', async () => {
    const port = await freePort()
    expect([await isPortFree(port), await isListening(port)]).toEqual([true, false])
    await listen(port)
    expect([await isPortFree(port), await isListening(port)]).toEqual([false, true])
  })

  it('are found below 32 768 too, each once, free, as Temporal wants its members to have them', async () => {
    const ports = await freeLowPorts(8)
    expect(new Set(ports).size).toBe(8)
    expect(Math.max(...ports)).toBeLessThan(32_768)
    expect(await Promise.all(ports.map((port) => isPortFree(port)))).toEqual(ports.map(() => true))
  })

  it('are remembered', async () => {
    const home = testFolder()
    const first = await choosePorts(home, { postgres: {}, temporal: {}, temporalUi: {}, api: {} })
    expect(new Set(Object.values(first)).size).toBe(4)
    expect(readPorts(home)).toEqual(first)
    expect(await choosePorts(home, { postgres: {}, temporal: {}, temporalUi: {}, api: {} })).toEqual(first)
  })

  it('gives another when the remembered one is taken, and keeps the rest', async () => {
    const home = testFolder()
    const first = await choosePorts(home, { postgres: {}, api: {} })
    await listen(first.postgres)
    const second = await choosePorts(home, { postgres: {}, api: {} })
    expect(second.postgres).not.toBe(first.postgres)
    expect(second.api).toBe(first.api)
  })

  it('takes the preferred one while it is free', async () => {
    const preferred = await freePort()
    expect((await choosePorts(testFolder(), { api: { preferred } })).api).toBe(preferred)
    await listen(preferred)
    expect((await choosePorts(testFolder(), { api: { preferred } })).api).not.toBe(preferred)
  })

  it('refuses when the one that was asked for is taken', async () => {
    const home = testFolder()
    const exactly = await freePort()
    expect((await choosePorts(home, { api: { exactly } })).api).toBe(exactly)
    await listen(exactly)
    await expect(choosePorts(home, { api: { exactly, variable: 'PORT' } })).rejects.toThrow(`PORT is ${exactly}, but that port is taken`)
  })

  it('forgets a damaged memory', async () => {
    const home = testFolder()
    writeFileSync(join(home, 'ports.json'), '{"postgres": 99999999, "api": "x", "temp')
    expect(readPorts(home)).toEqual({})
    writeFileSync(join(home, 'ports.json'), '{"postgres": 99999999, "api": "x", "temporal": 7233}')
    expect(readPorts(home)).toEqual({ temporal: 7233 })
  })
})
