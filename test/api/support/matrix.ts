/**
 * Who gets through, by operation: y is let in (whatever the order then says), f is told that he may not, h that there is no such thing.
 * The first line is for people whose place contains the things asked for, the second for people of another province. In a line the first
 * set that has the role counts; the last word is for all others. Without a line the test says which one would fit.
 */
import { type RoleGroup, type RoleId, inGroup, roles } from '../../../domain/roles.ts'

import { demoSchemes } from '../../../prisma/settlement/demo-schemes.ts'

const all = Object.keys(roles) as RoleId[]
const of = (...groups: RoleGroup[]): RoleId[] => all.filter((role) => groups.some((group) => inGroup([role], group)))
const leaders = of('supervisor')
const company: RoleId[] = of('dispatcher', 'engineer', 'supervisor', 'auditor').filter((role) => role !== 'vendor')

/** Sets of roles. */
export const named: Readonly<Record<string, readonly RoleId[]>> = {
  company,
  /** Of other companies, and machines. */
  strangers: all.filter((role) => !company.includes(role)),
  machines: all.filter((role) => !company.includes(role) && role !== 'vendor' && !inGroup([role], 'external')),
  leaders,
  desk: of('dispatcher'),
  /** Of a fault: whoever a customer tells of it. */
  reporters: [
    ...leaders,
    'hotline-agent',
    'dispatcher',
    'kac-staff',
    'customer-rep',
    'account-manager',
    'maintenance-dept',
    'monitor-centre',
  ],
  directors: ['kac-director', 'vp-in-charge'],
  operators: ['kac-director', 'vp-in-charge', 'supervisor'],
}

interface Ask {
  params?: Readonly<Record<string, string>>
  query?: string
  body?: unknown
}

/** Parameters and bodies where the document's own would prove nothing. `$name` stands for what the test has made. */
export const asks: Readonly<Record<string, Ask>> = {
  giveCommand: { body: { type: 'urge' } },
  giveMany: { body: { type: 'urge', items: [{ order: '$orders', task: '$task' }] } },
  getOrderAt: { query: 'seq=1' },
  listTimeline: { query: 'from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z' },
  startOrder: { body: { process: 'graded-fault', customerId: '$customers', title: 'm', input: {} } },
  putSchedule: {
    params: { id: 'matrix-other' },
    body: { process: 'abnormal-customer-tracking', title: 'm', cron: '0 2 * * *', input: { entry: 'run' } },
  },
  changePolicy: { query: 'preview=true', body: { spec: '$policy', note: 'm' } },
  saveCampaign: {
    params: { id: 'matrix-~n~' },
    body: {
      name: { zh: 'm', en: 'm' },
      spec: { target: { contracts: ['month-to-month'] }, scheme: '套餐优惠 A', budget: 100_000, from: '2099-01-01', to: '2099-12-31' },
    },
  },
  saveScheme: { params: { id: 'matrix' }, body: { name: { zh: 'm', en: 'm' }, spec: demoSchemes[0]!.spec } },
  getRepeats: { query: 'process=graded-fault&value=1' },
  getProcess: { params: { id: 'graded-fault' } },
  removeSchedule: { params: { id: 'no-such' } },
  compareMoments: { query: 'from=1&to=1' },
  changeCalendar: {
    query: 'preview=true',
    body: {
      spec: {
        timeZone: 'Asia/Shanghai',
        shifts: [{ weekday: 1, from: '09:00', to: '17:00' }],
        holidays: [],
        makeUpDays: [],
        publishedYears: [],
      },
      note: 'm',
    },
  },
  changePerson: { body: { lang: 'en' } },
  changeUnit: { body: { nameEn: 'm' } },
  changeView: { body: { name: 'm' } },
  addAbsence: { body: { from: '2026-02-01T09:00:00Z', to: '2026-02-02T09:00:00Z', reason: 'm' } },
  addDelegation: { body: { to: 'none', from: '2026-02-01T09:00:00Z', until: '2026-02-02T09:00:00Z' } },
}

export const matrix: Readonly<Record<string, readonly [inside: string, outside: string]>> = {
  listScheduleRuns: ['strangers:h y', 'h'],
  runSchedule: ['operators:y strangers:h f', 'h'],
  saveCampaign: ['kac-director+vp-in-charge+analyst:y f', 'kac-director+vp-in-charge+analyst:y f'],
  addAbsence: ['directors:h f', 'directors:h f'],
  addDelegation: ['directors:h f', 'directors:h f'],
  changeCalendar: ['directors:h f', 'directors:h f'],
  changePerson: ['directors:h f', 'directors:h f'],
  changeView: ['h', 'h'],
  changeUnit: ['directors:h f', 'directors:h f'],
  compareMoments: ['strangers:h y', 'h'],
  changePolicy: ['directors:y f', 'directors:y f'],
  createPerson: ['directors:y f', 'directors:y f'],
  createUnit: ['directors:y f', 'directors:y f'],
  explainClocks: ['strangers:h y', 'h'],
  getCalendar: ['strangers:f h', 'strangers:f h'],
  getHealth: ['kac-director+vp-in-charge+supervisor+auditor:y f', 'kac-director+vp-in-charge+supervisor+auditor:y f'],
  getPerson: ['directors:h f', 'directors:h f'],
  getPolicy: ['strangers:f y', 'strangers:f y'],
  getProcess: ['machines:f y', 'machines:f y'],
  historyAsCsv: ['strangers:h y', 'h'],
  historyAsJson: ['strangers:h y', 'h'],
  historyAsPdf: ['strangers:h y', 'h'],
  listCalendars: ['strangers:f y', 'strangers:f y'],
  listPeople: ['directors:y f', 'directors:y f'],
  listRegions: ['strangers:f y', 'strangers:f y'],
  listViews: ['y', 'y'],
  putSchedule: ['operators:y f', 'h'],
  readAllNotifications: ['y', 'y'],
  removeAbsence: ['directors:h f', 'directors:h f'],
  removeDelegation: ['directors:h f', 'directors:h f'],
  removeSchedule: ['h', 'h'],
  removeView: ['h', 'h'],
  resetPassword: ['directors:h f', 'directors:h f'],
  saveScheme: ['market-dept+settlement-clerk:y f', 'market-dept+settlement-clerk:y f'],
  saveView: ['y', 'y'],
  startOrder: ['reporters:y f', 'reporters:y f'],
  listTimeline: ['strangers:f y', 'strangers:f y'],
  giveMany: ['strangers+auditor:f y', 'strangers+auditor:f y'],
  listSessions: ['y', 'y'],
  revokeSession: ['h', 'h'],
  whoAmI: ['y', 'y'],
  listTokens: ['y', 'y'],
  makeToken: ['y', 'y'],
  revokeToken: ['h', 'h'],
  getRepeats: ['reporters:y f', 'reporters:y f'],
  listOrders: ['y', 'y'],
  getOrder: ['strangers:h y', 'h'],
  giveCommand: ['auditor:f strangers:h y', 'h'],
  getCommand: ['h', 'h'],
  getTree: ['strangers:h y', 'h'],
  getPromise: ['strangers:h y', 'h'],
  makeTrackLink: ['auditor:f strangers:h y', 'h'],
  listTrackLinks: ['strangers:h y', 'h'],
  revokeTrackLink: ['auditor:f h', 'h'],
  listEvents: ['strangers:h y', 'h'],
  getOrderAt: ['strangers:h y', 'h'],
  verifyOrder: ['strangers:h y', 'h'],
  makeVerification: ['strangers:h y', 'h'],
  getVerification: ['h', 'h'],
  listVerifications: ['strangers:h y', 'h'],
  listTasks: ['y', 'y'],
  explainOffer: ['strangers:h y', 'h'],
  listBreaches: ['y', 'y'],
  listNotifications: ['y', 'y'],
  readNotification: ['h', 'h'],
  stream: ['y', 'y'],
  listLoad: ['strangers:f y', 'strangers:f y'],
  reportBreaches: ['y', 'y'],
  reportTimeLost: ['y', 'y'],
  reportLoad: ['y', 'y'],
  listCandidates: ['leaders+desk:y strangers:h f', 'h'],
  attachFile: ['auditor:f strangers:h y', 'h'],
  listAttachments: ['strangers:h y', 'h'],
  downloadFile: ['strangers:h y', 'h'],
  search: ['y', 'y'],
  listCustomers: ['strangers:f y', 'strangers:f y'],
  createCustomer: ['strangers+auditor:f y', 'strangers+auditor:f y'],
  listProducts: ['strangers:f y', 'strangers:f y'],
  listServices: ['strangers:f y', 'strangers:f y'],
  listStaff: ['strangers:f y', 'strangers:f y'],
  listUnits: ['strangers:f y', 'strangers:f y'],
  getCustomer: ['strangers:f y', 'strangers:f h'],
  listResources: ['strangers:f y', 'strangers:f y'],
  getResource: ['strangers:f h', 'strangers:f h'],
  listContracts: ['strangers:f y', 'strangers:f y'],
  getContract: ['strangers:f h', 'strangers:f h'],
  listSolutions: ['strangers:f y', 'strangers:f y'],
  getSolution: ['strangers:f h', 'strangers:f h'],
  listPayments: [
    'leaders+auditor+finance-dept+dunning-centre+settlement-clerk:y f',
    'leaders+auditor+finance-dept+dunning-centre+settlement-clerk:y f',
  ],
  takePayment: ['finance-dept:y f', 'finance-dept:y f'],
  matchPayment: ['finance-dept:h f', 'finance-dept:h f'],
  listProcesses: ['machines:f y', 'machines:f y'],
  listPolicies: ['strangers:f y', 'strangers:f y'],
  listSchedules: ['strangers:f y', 'strangers:f y'],
  listModels: ['leaders+auditor+kac-staff+account-manager+analyst:y f', 'leaders+auditor+kac-staff+account-manager+analyst:y f'],
  releaseModel: ['directors+analyst:h f', 'directors+analyst:h f'],
  listDetections: ['leaders+auditor+kac-staff+account-manager+analyst:y f', 'leaders+auditor+kac-staff+account-manager+analyst:y f'],
  getDetection: ['leaders+auditor+kac-staff+account-manager+analyst:h f', 'leaders+auditor+kac-staff+account-manager+analyst:h f'],
  listAlarms: ['leaders+auditor+kac-staff+account-manager+analyst:h f', 'leaders+auditor+kac-staff+account-manager+analyst:h f'],
  listCases: ['leaders+auditor+kac-staff+account-manager+analyst:y f', 'leaders+auditor+kac-staff+account-manager+analyst:y f'],
  listCampaigns: ['leaders+auditor+kac-staff+account-manager+analyst:y f', 'leaders+auditor+kac-staff+account-manager+analyst:y f'],
  getCampaign: ['leaders+auditor+kac-staff+account-manager+analyst:h f', 'leaders+auditor+kac-staff+account-manager+analyst:h f'],
  moveCampaign: ['directors+analyst:h f', 'directors+analyst:h f'],
  listAgents: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk+agent:y f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk+agent:y f',
  ],
  getAgent: ['h', 'h'],
  setAgentScheme: ['h', 'h'],
  listLedger: ['h', 'h'],
  listSettlementVariables: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:y f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:y f',
  ],
  listSchemes: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:y f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:y f',
  ],
  getScheme: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
  ],
  releaseScheme: ['directors+market-dept:h f', 'directors+market-dept:h f'],
  tryScheme: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
  ],
  listSettlementRuns: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:y f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:y f',
  ],
  getSettlementRun: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
  ],
  askSettlementRun: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
  ],
  listSettlementSkips: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
  ],
  listSettlementDifferences: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk:h f',
  ],
  listBills: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk+agent:y f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk+agent:y f',
  ],
  getBill: ['h', 'h'],
  listBillLines: ['h', 'h'],
  getFindings: ['operators+auditor:y f', 'operators+auditor:y f'],
  reconcile: ['operators:y f', 'operators:y f'],
  exportBills: [
    'leaders+auditor+finance-dept+market-dept+settlement-clerk+agent:y f',
    'leaders+auditor+finance-dept+market-dept+settlement-clerk+agent:y f',
  ],
  exportBillLines: ['h', 'h'],
  exportCases: ['leaders+auditor+kac-staff+account-manager+analyst:y f', 'leaders+auditor+kac-staff+account-manager+analyst:y f'],
  exportOrders: ['y', 'y'],
  exportEvents: ['strangers:f y', 'strangers:f y'],
  listAdminLog: ['auditor:y f', 'auditor:y f'],
  verifyAdminLog: ['auditor:y f', 'auditor:y f'],
  erasePersonalData: ['directors:y f', 'directors:y f'],
  logOut: ['y', 'y'],
}
