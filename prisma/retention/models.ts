/** Models of detection runs in the record: saved as drafts, released by a person, retired by the next; never changed after release. */
import type pg from 'pg'
import { checkRules, type RuleSet } from '../../domain/retention/rules.ts'
import { checkScorecard, type Scorecard } from '../../domain/retention/scorecard.ts'
import type { Title } from '../../domain/title.ts'
import { logAdmin } from '../admin-log.ts'

type Db = pg.Pool | pg.ClientBase

export type ModelSpec = { kind: 'rules'; spec: RuleSet } | { kind: 'scorecard'; spec: Scorecard }
export type Model = ModelSpec & { id: string; version: number }

/** Processes with a detection run, and whether a scorecard has a say in it. */
export const detecting: Readonly<Record<string, { card: boolean }>> = {
  retention: { card: true },
  'customer-maintenance': { card: false },
  'abnormal-customer-tracking': { card: false },
}

export type ModelToSave = ModelSpec & { id: string; process: string; metrics?: object; by: string; at: number }
export type SavedModel = { saved: true; version: number } | { saved: false; problems: { field: string; message: Title }[] }

/**
 * Saves the next version as a draft; the draft before, if it is still one, is replaced.
 * @returns the version, or what is wrong by field: then nothing is changed
 */
export async function saveModel(db: Db, { id, process, kind, spec, metrics, by, at }: ModelToSave): Promise<SavedModel> {
  const problems = kind === 'rules' ? checkRules(spec) : checkScorecard(spec)
  if (!Object.hasOwn(detecting, process) || (kind === 'scorecard' && !detecting[process]!.card))
    problems.push({
      field: 'process',
      message: { zh: '该流程不使用此类模型', en: `no run of ${process} goes by a model of the kind ${kind}` },
    })
  if (problems.length > 0) return { saved: false, problems }
  const { rows } = await db.query<{ version: number }>(
    `INSERT INTO retention_model AS m (id, version, process, kind, spec, metrics, state, saved_by, saved_at)
     SELECT $1, coalesce(max(version) FILTER (WHERE state <> 'draft'), 0) + 1, $2, $3, $4, $5, 'draft', $6, $7 FROM retention_model WHERE id = $1
     HAVING count(*) FILTER (WHERE process <> $2 OR kind <> $3) = 0
     ON CONFLICT (id, version) DO UPDATE SET spec = excluded.spec, metrics = excluded.metrics, saved_by = excluded.saved_by, saved_at = excluded.saved_at
       WHERE m.state = 'draft' RETURNING version`,
    [id, process, kind, JSON.stringify(spec), metrics ? JSON.stringify(metrics) : null, by, new Date(at)],
  )
  if (rows[0]) return { saved: true, version: rows[0].version }
  const message = {
    zh: `模型 ${id} 的流程或类别不同，或刚被发布`,
    en: `model ${id} is of another process or kind, or was released just now`,
  }
  return { saved: false, problems: [{ field: 'id', message }] }
}

/** Puts a draft in force, in the caller's transaction; the version before retires. @returns false where there is no such draft */
export async function releaseModelIn(client: pg.ClientBase, id: string, version: number, by: string, at: number): Promise<boolean> {
  // Two who release at once: the second waits here, and retires what the first has released.
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', ['retention-model', id])
  const { rowCount: drafts } = await client.query(
    `SELECT FROM retention_model WHERE id = $1 AND version = $2 AND state = 'draft' FOR UPDATE`,
    [id, version],
  )
  if (!drafts) return false
  const when = new Date(at)
  await client.query(`UPDATE retention_model SET state = 'retired', retired_at = $2 WHERE id = $1 AND state = 'released'`, [id, when])
  await client.query(`UPDATE retention_model SET state = 'released', released_by = $3, released_at = $4 WHERE id = $1 AND version = $2`, [
    id,
    version,
    by,
    when,
  ])
  await logAdmin(client, { actor: by, action: 'model-released', subject: id, detail: { version }, at: when })
  return true
}

/** As {@link releaseModelIn}, in a transaction of its own. */
export async function releaseModel(pool: pg.Pool, id: string, version: number, by: string, at: number): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const released = await releaseModelIn(client, id, version, by, at)
    await client.query('COMMIT')
    return released
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

/** The models in force for a process. */
export async function releasedModels(db: Db, process: string): Promise<Model[]> {
  const { rows } = await db.query<Model>(
    `SELECT id, version, kind, spec FROM retention_model WHERE process = $1 AND state = 'released' ORDER BY kind, id`,
    [process],
  )
  return rows
}
