/** Dashboard and alert rules as files; whether what they look at exists, the programs tell (test/e2e/shutdown.test.ts). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { alertExpressions, dashboardExpressions, metricsOf, metricsUsed, seriesIn } from './monitoring.ts'

const rules = readFileSync('ops/alerts.yml', 'utf8')
const names = [...rules.matchAll(/^ +- alert: (\w+)$/gm)].map(([, name]) => name!)

const balanced = (expr: string): boolean => {
  const open: string[] = []
  for (const char of expr.replace(/"[^"]*"/g, '')) {
    if ('([{'.includes(char)) open.push(char)
    if (')]}'.includes(char) && open.pop() !== '([{'[')]}'.indexOf(char)]) return false
  }
  return open.length === 0
}

describe('the alert rules', () => {
  it('have an expression, a severity and a sentence each', () => {
    expect(names.length).toBeGreaterThanOrEqual(15)
    expect(new Set(names).size).toBe(names.length)
    expect(alertExpressions(rules)).toHaveLength(names.length)
    expect(rules.match(/severity: (critical|warning)/g)).toHaveLength(names.length)
    expect(rules.match(/summary: (['"]).+\.\1/g)).toHaveLength(names.length)
  })

  it('are explained, all of them and no others', () => {
    const explained = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `(Paidan\w+)`/gm)].map(([, name]) => name!)
    expect(explained.sort()).toEqual([...names].sort())
  })
})

describe('the dashboard', () => {
  it('has panels with expressions that can be read, each in its place', () => {
    const { panels } = JSON.parse(readFileSync('ops/grafana-dashboard.json', 'utf8')) as {
      panels: { id: number; gridPos: { x: number; y: number } }[]
    }
    expect(panels.length).toBeGreaterThanOrEqual(15)
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(panels.length)
  })

  it('and the rules are whole expressions about series', () => {
    const all = [...alertExpressions(rules), ...dashboardExpressions(readFileSync('ops/grafana-dashboard.json', 'utf8'))]
    expect(all.filter((expr) => !balanced(expr))).toEqual([])
    expect(all.filter((expr) => seriesIn(expr).length === 0 && !/^up\{/.test(expr))).toEqual([])
    expect(metricsUsed().map(([, used]) => used.length > 10)).toEqual([true, true])
  })
})

describe('what a program tells', () => {
  it('is read as the series that Prometheus makes of it', () => {
    const text = '# HELP a x\n# TYPE a_seconds histogram\n# TYPE b_total counter\nc{x="1"} 2\nd 3\n'
    expect(metricsOf(text)).toEqual(['a_seconds_bucket', 'a_seconds_sum', 'a_seconds_count', 'b_total', 'c', 'd'])
    expect(metricsOf('# TYPE b counter\n')).not.toContain('c')
    expect(seriesIn('sum by (le) (rate(paidan_a_bucket{x="1"}[5m])) > 2')).toEqual(['paidan_a_bucket'])
  })
})
