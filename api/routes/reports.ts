import { operation } from '../http/operation.ts'
import { breachReport, loadReport, timeLostReport } from '../queries/reports.ts'
import {
  breachReport as breachReportSchema,
  breachReportQuery,
  loadReport as loadReportSchema,
  loadReportQuery,
  timeLost,
  timeLostQuery,
} from '../schemas/report.ts'

export const reportOperations = [
  operation({
    id: 'reportBreaches',
    method: 'get',
    path: '/reports/breaches',
    tag: 'Reports',
    summary: 'Warnings and breaches by day, and by step, process, unit, region, product or holder',
    query: breachReportQuery,
    answers: { 200: { description: 'Of what is in sight.', schema: breachReportSchema } },
    async handle({ deps, principal, ability, now, query }) {
      return { status: 200, body: await breachReport(deps.pool, deps.catalogue, { principal, ability, now }, query) }
    },
  }),
  operation({
    id: 'reportTimeLost',
    method: 'get',
    path: '/reports/time-lost',
    tag: 'Reports',
    summary: 'Time that suspensions took, by party: the customer, a vendor, ourselves, a third party',
    query: timeLostQuery,
    answers: { 200: { description: 'Of orders in sight, the most time lost first.', schema: timeLost } },
    async handle({ deps, principal, ability, now, query }) {
      return { status: 200, body: await timeLostReport(deps.pool, { principal, ability, now }, query) }
    },
  }),
  operation({
    id: 'reportLoad',
    method: 'get',
    path: '/reports/load',
    tag: 'Reports',
    summary: 'Tasks open and done by unit, person, process, step, region or product; orders opened and closed by day',
    query: loadReportQuery,
    answers: { 200: { description: 'Of what is in sight.', schema: loadReportSchema } },
    async handle({ deps, principal, ability, now, query }) {
      return { status: 200, body: await loadReport(deps.pool, deps.catalogue, { principal, ability, now }, query) }
    },
  }),
]
