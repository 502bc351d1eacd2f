/** Which bill holds after re-settlements (P-61). */

/**
 * SQL: id of the bill that holds now for what this run had billed the agent; the run's own where it was never settled anew. Where the
 * agent has no part in the later run it is the void one.
 * @param run SQL of the run's id
 * @param agent SQL of the agent's id
 */
export const billInForce = (run: string, agent: string): string => `(WITH RECURSIVE version AS (
      SELECT v.id, v.replaced_by, 1 AS n FROM settlement_bill v JOIN settlement_run vr ON vr.no = v.run_no WHERE vr.id = ${run} AND v.agent_id = ${agent}
      UNION ALL SELECT w.id, w.replaced_by, version.n + 1 FROM version JOIN settlement_bill w ON w.id = version.replaced_by)
    SELECT id FROM version ORDER BY n DESC LIMIT 1)`
