/** A customer all around (客户360度视图). Money is fen. */
import { z } from 'zod'
import { id, instant, names, title } from './common.ts'
import { customer } from './picker.ts'
import { payment } from './payment.ts'
import { alarm, retentionCase } from './retention.ts'

export const customerParams = z.strictObject({ id })

const fen = z.int().meta({ description: 'Fen.' })
const latest = (what: string, n: number) => ({ description: `${what}, the latest ${n} first.` })

const order = z.object({
  id: z.string(),
  no: z.string().nullable(),
  process: z.string(),
  title: z.string(),
  status: z.string(),
  end: z.string().nullable(),
  overdue: z.boolean(),
  openedAt: instant,
  closedAt: instant.nullable(),
})

const money = z.object({
  credit: z
    .array(z.object({ account: z.string(), class: z.string(), limit: fen, ratedBy: z.string(), order: z.string(), at: instant }))
    .meta({ description: 'The rating in force of each account; an empty account means all of them.' }),
  arrears: z
    .array(
      z.object({
        order: z.string(),
        account: z.string(),
        period: z.string(),
        amount: fen,
        dueAt: instant,
        promisedAt: instant.nullable(),
        restricted: z.boolean(),
      }),
    )
    .meta({ description: 'Neither paid nor written off.' }),
  payments: z.array(payment).meta(latest('Payments', 10)),
})

const retention = z.object({
  profile: z
    .object({
      tenureMonths: z.int(),
      contract: z.string(),
      payment: z.string(),
      flags: z.array(z.string()),
      monthlyCharge: fen,
      totalCharge: fen,
      valueClass: z.string(),
      left: z.boolean().nullable().meta({ description: 'Whether he left, as a list has said; null where none has.' }),
      updatedAt: instant,
    })
    .nullable(),
  charges: z.array(z.object({ month: z.string(), amount: fen })).meta(latest('Months', 12)),
  signals: z.array(z.object({ kind: z.string(), value: z.string().nullable(), at: instant })).meta(latest('What was seen', 20)),
  alarms: z.array(alarm.omit({ customer: true }).extend({ run: z.string(), at: instant })).meta(latest('Alarms with their reasons', 10)),
  cases: z.array(retentionCase.omit({ customer: true })).meta(latest('Retention cases', 10)),
  losses: z.array(z.object({ order: z.string(), kind: z.string(), reason: z.string(), remains: z.boolean(), at: instant })),
})

export const customerWhole = customer
  .extend({
    address: z.string().nullable(),
    phone: z.string().nullable(),
    contacts: z.array(
      z.object({
        id: z.string(),
        name: title,
        position: z.string().nullable(),
        phone: z.string().nullable(),
        email: z.string().nullable(),
        primary: z.boolean(),
      }),
    ),
    services: z.object({
      byStatus: z.record(z.string(), z.int()),
      items: z.array(
        z.object({
          id: z.string(),
          no: z.string(),
          product: title,
          site: title.nullable(),
          circuitGrade: z.string().nullable(),
          status: z.string(),
        }),
      ),
    }),
    contracts: z.array(
      z.object({
        id: z.string(),
        no: z.string(),
        title: z.string(),
        status: z.string(),
        amount: fen,
        termMonths: z.int(),
        signedAt: instant.nullable(),
      }),
    ),
    orders: z
      .object({
        byProcess: z.array(z.object({ process: z.string(), open: z.int(), closed: z.int(), overdue: z.int() })),
        items: z.array(order).meta(latest('Orders', 20)),
      })
      .meta({ description: 'Those in sight.' }),
    money: money.nullable().meta({ description: 'For who may read payments.' }),
    retention: retention.nullable().meta({ description: 'For who may read retention.' }),
    names,
  })
  .meta({ id: 'CustomerWhole' })
