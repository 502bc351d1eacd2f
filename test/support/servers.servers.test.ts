import { readFileSync } from 'node:fs'
import { Connection } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type TestDatabase, createTestDatabase } from './database.ts'

describe('the servers of a run', () => {
  let one: TestDatabase
  let two: TestDatabase
  beforeAll(async () => {
    ;[one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  })
  afterAll(() => Promise.all([one.drop(), two.drop()]))

  it('gives each file a migrated, seeded database of its own', async () => {
    const before = await two.prisma.staff.count()
    expect(before).toBeGreaterThan(0)
    expect(await one.prisma.staff.count()).toBe(before)
    await one.pool.query('CREATE TABLE only_here (id int)')
    const tables = await two.pool.query("SELECT 1 FROM pg_tables WHERE tablename = 'only_here'")
    expect(tables.rowCount).toBe(0)
  })

  it('lets nobody into the template', async () => {
    const { rows } = await one.pool.query('SELECT datallowconn FROM pg_database WHERE datname = $1', [inject('databaseTemplate')])
    expect(rows).toEqual([{ datallowconn: false }])
  })

  it('has a Temporal server and the workflow code', async () => {
    const connection = await Connection.connect({ address: inject('temporalAddress') })
    const { serverVersion } = await connection.workflowService.getSystemInfo({})
    await connection.close()
    expect(serverVersion).toMatch(/^1\./)
    expect(readFileSync(inject('bundlePath'), 'utf8')).toContain('gradedFault')
  })

  it('has a server that skips time', async () => {
    const environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: inject('testServerPath') } },
    })
    try {
      const before = await environment.currentTimeMs()
      await environment.sleep('145h')
      expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(145 * 3_600_000)
    } finally {
      await environment.teardown()
    }
  })
})
