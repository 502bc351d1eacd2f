/** The figures of a settlement: a million records against one INSERT … SELECT doing the same, on the same server in the same run. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { generateSettlement } from '../../prisma/settlement/generate.ts'
import { openRun } from '../../prisma/settlement/runs.ts'
import { billLines } from '../../prisma/settlement/explain.ts'
import { settleWithKills } from '../support/settlement-kills.ts'
import { october, referenceByAgent, referenceInsert, referenceTables } from '../support/settlement-reference.ts'

export interface SettlementReport {
  rows: number
  agents: number
  /** ms */
  reference: number
  run: number
  killed: number
  again: number
  ratio: { run: number; killed: number; again: number }
  /** Resident memory of the worker at its end, MB: of a tenth of the rows, and of all. */
  memory: { tenth: number; all: number }
  /** Agents whose bill differs from the independent statement. */
  differing: number
  /** Lines that the slow reference was asked about, and those with which it did not agree. */
  sample: { lines: number; disagreeing: number }
  fen: string
}

interface Options {
  url: string
  pool: pg.Pool
  rows: number
  agents: number
  note: (line: string) => void
}

const timed = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
  const began = performance.now()
  const result = await work()
  return [performance.now() - began, result]
}

export async function measureSettlement({ url, pool, rows, agents, note }: Options): Promise<SettlementReport> {
  const settle = async (period: string, run: string, killAfter: number[]) => {
    await openRun(pool, { order: run, department: 'js-market', period, kind: 'commission' })
    await pool.query('CHECKPOINT')
    return timed(() => settleWithKills({ url, run, pageRows: 50_000, killAfter }))
  }
  // September is a tenth: how much memory it takes says whether memory grows with the rows.
  for (const [period, count] of [
    ['2026-09', Math.ceil(rows / 10)],
    ['2026-10', rows],
  ] as const) {
    note(`generating ${count} records of ${period}`)
    await generateSettlement(pool, { rows: count, agents, seed: 1, period })
  }
  const [, tenth] = await settle('2026-09', 'bench-tenth', [])
  await pool.query(referenceTables)
  const references: number[] = []
  const runs: number[] = []
  const kills: number[] = []
  let all = { killed: 0, rss: 0 }
  // In turn, so that both meet the same neighbours; the middle one counts.
  for (let round = 0; round < 3; round++) {
    note(`round ${round + 1} of 3: reference, run, run with two kills`)
    await pool.query('TRUNCATE reference_line, reference_bill')
    await pool.query('CHECKPOINT')
    references.push((await timed(() => pool.query(referenceInsert(october))))[0])
    const [whole, result] = await settle('2026-10', `bench-${round}`, [])
    runs.push(whole)
    all = result
    await forget(pool, `bench-${round}`)
    const pages = Math.ceil(rows / 50_000)
    const [killed, died] = await settle('2026-10', `bench-killed-${round}`, [Math.floor(pages / 3), Math.floor(pages / 3)])
    if (died.killed !== 2) throw new Error(`${died.killed} kills instead of 2`)
    kills.push(killed)
    if (round < 2) await forget(pool, `bench-killed-${round}`)
  }
  note('the finished run again; sums; sample')
  const again = await finishedAgain(url)
  const { rows: sums } = await pool.query<{ differing: number; fen: string }>(
    `WITH reference AS (${referenceByAgent(october)})
     SELECT count(*) FILTER (WHERE r.users IS DISTINCT FROM b.users OR r.amount IS DISTINCT FROM b.amount)::int AS differing, sum(b.amount)::text AS fen
     FROM reference r FULL JOIN (SELECT b.* FROM settlement_bill b JOIN settlement_run x ON x.no = b.run_no WHERE x.id = 'bench-killed-2' AND b.state <> 'void') b
       ON b.agent_id = r.agent`,
  )
  const [reference, run, killed] = [references, runs, kills].map(middle) as [number, number, number]
  return {
    rows,
    agents,
    reference,
    run,
    killed,
    again,
    ratio: { run: run / reference, killed: killed / reference, again: again / reference },
    memory: { tenth: Math.round(tenth.rss / 1e6), all: Math.round(all.rss / 1e6) },
    differing: sums[0]!.differing,
    sample: await sample(pool),
    fen: sums[0]!.fen,
  }
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Makes room for the next round: the period can be settled once. */
async function forget(pool: pg.Pool, run: string): Promise<void> {
  const { rows } = await pool.query<{ no: number }>('SELECT no FROM settlement_run WHERE id = $1', [run])
  for (const table of ['page', 'choice', 'skip', 'bill'])
    await pool.query(`DELETE FROM settlement_${table} WHERE run_no = $1`, [rows[0]!.no])
  await pool.query('TRUNCATE settlement_line')
  await pool.query('DELETE FROM settlement_run WHERE id = $1', [run])
}

/** Only the work: the start of the process is timed apart and taken off. */
async function finishedAgain(url: string): Promise<number> {
  const script = fileURLToPath(new URL('../support/settlement-child.ts', import.meta.url))
  return new Promise((resolve, reject) => {
    let began = 0
    const child = fork(script, ['bench-killed-2', '50000'], {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, DATABASE_URL: url },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.on('message', (message) => {
      if (message === 'begun') began = performance.now()
      if (typeof message === 'object') resolve(performance.now() - began)
    })
    child.once('exit', (code) => reject(new Error(`the finished run, done again, ended with ${code}`)))
  })
}

async function sample(pool: pg.Pool): Promise<{ lines: number; disagreeing: number }> {
  let [lines, disagreeing] = [0, 0]
  for (const agent of ['ag-00001', 'ag-00002', 'ag-00003', 'ag-00042', 'ag-00100'])
    for (const { agrees } of await billLines(pool, 'bench-killed-2', agent, '0', 2_000)) {
      lines++
      if (!agrees) disagreeing++
    }
  return { lines, disagreeing }
}

export function settlementText(report: SettlementReport): string {
  const { rows, agents, reference, run, killed, again, ratio, memory, differing, sample: looked, fen } = report
  const s = (ms: number) => `${(ms / 1000).toFixed(2)} s`
  return [
    `settlement            ${rows} records, ${agents} agents: one INSERT … SELECT ${s(reference)}`,
    `  run                 ${s(run)}   ratio ${ratio.run.toFixed(2)} (budget 2.0)`,
    `  with two kills      ${s(killed)}   ratio ${ratio.killed.toFixed(2)} (budget 2.6)`,
    `  finished, again     ${s(again)}   ratio ${ratio.again.toFixed(3)} (budget 0.1)`,
    `  worker's memory     ${memory.tenth} MB for a tenth of the rows, ${memory.all} MB for all`,
    `  ${fen} fen; ${differing} agents differ from the independent statement; slow reference: ${looked.disagreeing} of ${looked.lines} lines differ`,
  ].join('\n')
}
