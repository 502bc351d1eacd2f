/** Worker of the yardstick: its activity commits one row, as the recorder does for a move. */
import { fileURLToPath } from 'node:url'
import { NativeConnection, Worker } from '@temporalio/worker'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
await pool.query('create table if not exists bare_note (id text, n int, at timestamptz default now(), primary key (id, n))')
const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS! })
const worker = await Worker.create({
  connection,
  taskQueue: 'bare',
  workflowsPath: fileURLToPath(new URL('./bare-workflows.ts', import.meta.url)),
  activities: {
    async note(id: string, n: number): Promise<number> {
      await pool.query('insert into bare_note (id, n) values ($1, $2) on conflict do nothing', [id, n])
      return n
    },
  },
  maxConcurrentActivityTaskExecutions: 16,
})
process.send?.('ready')
await worker.run()
await connection.close()
await pool.end()
