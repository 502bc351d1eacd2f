import { it } from 'vitest'
import { gradedFault } from '/work/main/workflows/fault/graded-fault.ts'
import { createTestDatabase } from '/work/main/test/support/database.ts'
import { Desk, everybodyPresent, faultAbout } from '/work/main/test/activities/desk.ts'
it('measures', async () => {
  const db = await createTestDatabase()
  await everybodyPresent(db.pool)
  let statements = 0
  const query = db.pool.query.bind(db.pool)
  const per = new Map<string, {n:number, ms:number}>()
  db.pool.query = (async (...a: any[]) => { statements++; const t=performance.now(); const r = await (query as any)(...a); const k=a[0]?.name??String(a[0]).slice(0,30); const e=per.get(k)??{n:0,ms:0}; e.n++; e.ms+=performance.now()-t; per.set(k,e); return r }) as any
  const times: number[] = [], sqls: number[] = [], bytes: number[] = [], input: number[] = []
  const { createActivities } = await import('/work/main/activities/index.ts')
  const { silent } = await import('/work/main/test/activities/desk.ts')
  const shared = createActivities({ pool: db.pool, logger: silent })
  const desk = (i: number) => { const d = new Desk(db.pool, gradedFault, `m-${i}`); const rec = shared.record; (d.activities as any).record = async (m: any) => { const s = statements, t = performance.now(); const r = await rec(m); times.push(performance.now() - t); sqls.push(statements - s); bytes.push(JSON.stringify(r).length); input.push(JSON.stringify(m).length); return r }; return d }
  const f = await faultAbout(db.pool)
  for (let i = 0; i < 60; i++) {
    const o = desk(i)
    await o.open(f); await o.do('accept-fault', 'accepted'); await o.do('diagnose', 'needs-dispatch', { diagnosis: 'fibre' })
    await o.do('dispatch-fault', 'dispatched', { unit: 'nj-maintenance' }); await o.do('take-ticket', 'taken')
    await o.do('repair-fault', 'repaired', { handling: 'spliced' }, 30); await o.do('return-receipt', 'returned')
    await o.do('confirm-recovery', 'recovered', { asked: 'Mr Li', answer: 'works' }); await o.do('upload-report', 'uploaded', { report: 'at-1', cause: 'digger', solution: 'splice' })
    await o.do('archive-fault', 'archived')
    if (i < 0) { o.answers.forEach((a, j) => console.log(j, o.moves[j].events.map((e: any) => e.type).join('+'), '=>', a.plan.map((e: any) => e.type).join('+'), JSON.stringify(o.moves[j]).length, JSON.stringify(a).length)) ; console.log(JSON.stringify(o.answers[3], null, 0)) }
    if (i < 5) { times.length = 0; sqls.length = 0; bytes.length = 0; input.length = 0; per.clear() }
  }
  const q = (a: number[], p: number) => [...a].sort((x, y) => x - y)[Math.floor(a.length * p)]
  console.log({ moves: times.length, p50: q(times, .5), p95: q(times, .95), sql50: q(sqls, .5), sqlMax: Math.max(...sqls), plan50: q(bytes, .5), planMax: Math.max(...bytes), in50: q(input, .5), inMax: Math.max(...input) })
  const base: number[] = [], ins: number[] = []; await query('create table zz (a text)'); for (let i = 0; i < 300; i++) { let t = performance.now(); await query({ name: 'b', text: 'select $1::text', values: ['x'] }); base.push(performance.now() - t); t = performance.now(); await query({ name: 'i', text: 'insert into zz values ($1)', values: ['x'] }); ins.push(performance.now() - t) }
  console.log({ select1: q(base, .5), insert1: q(ins, .5) })
  for (const [k, e] of [...per].sort((a,b)=>b[1].ms-a[1].ms).slice(0,8)) console.log(k, e.n, (e.ms/e.n).toFixed(2)+'ms')
  await db.drop()
}, 60000)
