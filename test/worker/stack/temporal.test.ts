import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findTemporalCli } from '../../../worker/stack/binaries.ts'
import { isListening, freePort } from '../../../worker/stack/ports.ts'
import { refTo } from '../../../worker/stack/process.ts'
import { startTemporal, type TemporalOptions, type TemporalServer } from '../../../worker/stack/temporal.ts'
import { testFolder } from './folder.ts'

async function start(dir: string, more: Partial<TemporalOptions> = {}): Promise<TemporalServer> {
  const server = await startTemporal({ dir, binary: (await findTemporalCli()).path, ...more })
  onTestFinished(() => server.stop())
  return server
}

async function withClient<T>(server: TemporalServer, work: (client: Client) => Promise<T>, namespace = 'default'): Promise<T> {
  const connection = await Connection.connect({ address: server.address })
  try {
    return await work(new Client({ connection, namespace }))
  } finally {
    await connection.close()
  }
}

const begin = (client: Client, workflowId: string) => client.workflow.start('nobody-runs-it', { workflowId, taskQueue: 'none' })
const status = (client: Client, workflowId: string) =>
  client.workflow
    .getHandle(workflowId)
    .describe()
    .then((description) => description.status.name)

const program = (dir: string, body: string): string => {
  const path = join(dir, 'temporal')
  writeFileSync(path, `#!${process.execPath}\n${body}\n`, { mode: 0o755 })
  return path
}

describe('the local Temporal server', () => {
  it('keeps its orders over a stop and over kill -9', async () => {
    const dir = testFolder()
    const first = await start(dir)
    await withClient(first, (client) => begin(client, 'before-stop'))
    await first.stop()
    expect(refTo(first.pid)).toBeUndefined()
    const second = await start(dir)
    await withClient(second, (client) => begin(client, 'before-kill'))
    process.kill(second.pid, 'SIGKILL')
    await second.exited
    const third = await start(dir)
    expect(await withClient(third, (client) => Promise.all([status(client, 'before-stop'), status(client, 'before-kill')]))).toEqual([
      'RUNNING',
      'RUNNING',
    ])
  })

  it('has pages and more namespaces where they are asked for', async () => {
    const uiPort = await freePort()
    const server = await start(testFolder(), { uiPort, namespaces: ['north'] })
    expect(server.uiUrl).toBe(`http://127.0.0.1:${uiPort}`)
    expect(await isListening(uiPort)).toBe(true)
    expect(await withClient(server, (client) => begin(client, 'n').then(() => status(client, 'n')), 'north')).toBe('RUNNING')
  })

  it('warns when another version wrote the database', async () => {
    const dir = testFolder()
    const lines: string[] = []
    const log = (line: string) => void lines.push(line)
    await (await start(dir, { version: '1.9.1', log })).stop()
    expect(lines).toEqual([])
    writeFileSync(join(dir, 'version'), '1.8.0\n')
    await (await start(dir, { version: '1.9.1', log })).stop()
    expect(lines).toEqual([expect.stringContaining('written by version 1.8.0, this is 1.9.1')])
  })

  it('says with its own words why it does not start', async () => {
    const dir = testFolder()
    const binary = program(dir, 'console.error("database is from the future"); process.exit(1)')
    await expect(startTemporal({ dir, binary })).rejects.toThrow(/it ended with exit code 1\ndatabase is from the future/)
    await expect(startTemporal({ dir, binary: join(dir, 'none') })).rejects.toThrow(/none/)
  })

  it('leaves no process behind when its start is abandoned', async () => {
    const dir = testFolder()
    const binary = program(dir, 'setInterval(() => {}, 1000)')
    const abandon = new AbortController()
    let pid = 0
    const onSpawn = (spawned: number) => {
      pid = spawned
      abandon.abort()
    }
    await expect(startTemporal({ dir, binary, signal: abandon.signal, onSpawn })).rejects.toThrow('aborted')
    expect(refTo(pid)).toBeUndefined()
  })
})
