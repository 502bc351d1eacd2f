/** The customer list: who he is, what he has, what he pays, and whether he left. */
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { type ContractKind, type Flag, type PaymentMode, type Profile, valueClassOf } from '../../domain/retention/profile.ts'
import { type Row, rowsOf } from './csv.ts'
import type { Reject } from './faults.ts'
import { readText } from './text.ts'

export interface ListedCustomer {
  id: string
  line: number
  profile: Profile
  left: boolean
}

export interface CustomerList {
  /** Rows: every one is a customer, or rejected. */
  read: number
  customers: ListedCustomer[]
  rejects: Reject[]
}

const yesNo = { Yes: true, No: false } as const
const extra = { ...yesNo, 'No internet service': false } as const
const contractOf: Readonly<Record<string, ContractKind>> = {
  'Month-to-month': 'month-to-month',
  'One year': 'one-year',
  'Two year': 'two-year',
}
const paymentOf: Readonly<Record<string, PaymentMode>> = {
  'Electronic check': 'electronic-check',
  'Mailed check': 'mailed-check',
  'Bank transfer (automatic)': 'bank-transfer',
  'Credit card (automatic)': 'credit-card',
}
/** Which values of a column say that a mark is there. */
const marks = {
  SeniorCitizen: { flag: 'senior', values: { '1': true, '0': false } },
  Partner: { flag: 'partner', values: yesNo },
  Dependents: { flag: 'dependents', values: yesNo },
  PhoneService: { flag: 'phone', values: yesNo },
  MultipleLines: { flag: 'multiple-lines', values: { ...yesNo, 'No phone service': false } },
  OnlineSecurity: { flag: 'online-security', values: extra },
  OnlineBackup: { flag: 'online-backup', values: extra },
  DeviceProtection: { flag: 'device-protection', values: extra },
  TechSupport: { flag: 'tech-support', values: extra },
  StreamingTV: { flag: 'streaming-tv', values: extra },
  StreamingMovies: { flag: 'streaming-movies', values: extra },
  PaperlessBilling: { flag: 'paperless', values: yesNo },
} as const satisfies Readonly<Record<string, { flag: Flag; values: Readonly<Record<string, boolean>> }>>
const internet: Readonly<Record<string, Flag | null>> = { DSL: 'dsl', 'Fiber optic': 'fiber', No: null }

const columns = [
  'customerID',
  'tenure',
  'Contract',
  'PaymentMethod',
  'InternetService',
  'MonthlyCharges',
  'TotalCharges',
  'Churn',
  ...(Object.keys(marks) as (keyof typeof marks)[]),
] as const
type Values = Row<(typeof columns)[number]>['values']

/** A row is broken; the message says how. */
class BadRow extends Error {}

/**
 * Reads a list, in UTF-8 or GB18030.
 * @throws InputError when the file as a whole can't be read
 */
export async function readCustomers(path: string): Promise<CustomerList> {
  const file = basename(path)
  const { text } = await readText(path)
  const list: CustomerList = { read: 0, customers: [], rejects: [] }
  const first = new Map<string, number>()
  for await (const { line, values, broken } of rowsOf(Readable.from([Buffer.from(text)]), file, columns)) {
    list.read++
    const id = values.customerID
    try {
      if (broken !== undefined) throw new BadRow(broken)
      if (!/^[0-9A-Za-z][0-9A-Za-z_-]{0,39}$/.test(id)) throw new BadRow(`customerID "${id}" is not 1 to 40 letters, digits, - or _`)
      if (first.has(id)) throw new BadRow(`second row of this customer; the one on line ${first.get(id)} counts`)
      list.customers.push({ id, line, profile: profileOf(values), left: pick('Churn', values.Churn, yesNo) })
      first.set(id, line)
    } catch (error) {
      if (!(error instanceof BadRow)) throw error
      list.rejects.push({ file, line, id, reason: error.message })
    }
  }
  return list
}

function profileOf(values: Values): Profile {
  const net = pick('InternetService', values.InternetService, internet)
  const has = (Object.keys(marks) as (keyof typeof marks)[]).flatMap((column): Flag[] =>
    pick(column, values[column], marks[column].values as Readonly<Record<string, boolean>>) ? [marks[column].flag] : [],
  )
  const tenureMonths = whole('tenure', values.tenure)
  const monthlyCharge = fen('MonthlyCharges', values.MonthlyCharges)
  // Who has just come has no bill yet.
  const totalCharge = values.TotalCharges === '' && tenureMonths === 0 ? 0 : fen('TotalCharges', values.TotalCharges)
  return {
    tenureMonths,
    contract: pick('Contract', values.Contract, contractOf),
    payment: pick('PaymentMethod', values.PaymentMethod, paymentOf),
    flags: (net ? [net, ...has] : has).toSorted(),
    monthlyCharge,
    totalCharge,
    valueClass: valueClassOf(monthlyCharge),
  }
}

function pick<T>(column: string, value: string, known: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(known, value)) return known[value] as T
  throw new BadRow(value === '' ? `${column} is missing` : `unknown ${column} "${value}"; known: ${Object.keys(known).join(', ')}`)
}

function whole(column: string, value: string): number {
  if (/^\d{1,4}$/.test(value)) return Number(value)
  throw new BadRow(`${column} "${value}" is not a whole number of months`)
}

/** Amount with at most two decimals, as fen: no binary fraction comes near it. */
function fen(column: string, value: string): number {
  const [, units, decimals = ''] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(value) ?? []
  if (units === undefined) throw new BadRow(`${column} "${value}" is not an amount with at most two decimals`)
  return Number(units) * 100 + Number(decimals.padEnd(2, '0'))
}
