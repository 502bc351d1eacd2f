/** What dashboard and alert rules look at, and what programs tell. */
import { readFileSync } from 'node:fs'

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[]
}

/** Expressions of a rule file: what follows `expr:`, on the line or folded below it. */
export const alertExpressions = (text: string): string[] => [...text.matchAll(/^ +expr: (?:>-\n +)?(.+)$/gm)].map(([, expr]) => expr!)

export const dashboardExpressions = (text: string): string[] =>
  (JSON.parse(text) as Dashboard).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

/** Names of series in an expression, without those of Prometheus itself. */
export const seriesIn = (expr: string): string[] =>
  [...expr.matchAll(/\b(?:paidan|temporal|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name)

/** By file: the series that it looks at. */
export function metricsUsed(): [file: string, names: string[]][] {
  const of = (file: string, expressions: (text: string) => string[]): [string, string[]] => [
    file,
    [...new Set(expressions(readFileSync(file, 'utf8')).flatMap(seriesIn))],
  ]
  return [of('ops/alerts.yml', alertExpressions), of('ops/grafana-dashboard.json', dashboardExpressions)]
}

/** Series in what a program tells; a histogram or counter that nothing has happened to yet is announced all the same. */
export function metricsOf(text: string): string[] {
  const announced = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name! + end) : [name!],
  )
  const samples = [...text.matchAll(/^([a-z_][a-z0-9_]*)[{ ]/gm)].map(([, name]) => name!)
  return [...new Set([...announced, ...samples])]
}
