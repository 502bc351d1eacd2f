import { z } from 'zod'
import { id, instant, instantIn, line, orderId, page, paging } from './common.ts'
import { told } from './told.ts'

/** The bank's number is what makes a payment itself. */
const bankNo = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:~-]{0,63}$/, told('最多 64 个字母、数字和 . _ : ~ -', 'up to 64 letters, digits and . _ : ~ -'))
  .meta({ description: "The bank's number of the payment; the same number is the same payment.", example: 'ICBC-20260105-000123' })

export const paymentStates = ['unmatched', 'matched', 'refund-due', 'refunded'] as const

export const paymentIn = z.strictObject({
  bankNo,
  amount: z.int().min(1).max(Number.MAX_SAFE_INTEGER).meta({ description: 'Fen.' }),
  paidAt: instantIn,
  reference: line(100)
    .trim()
    .min(1)
    .optional()
    .meta({ description: 'What the payer wrote: number or id of the order, of the order above it, or of the contract.' }),
  customerId: id.optional(),
})

export const paymentParams = z.strictObject({ bankNo })

export const matchIn = z.strictObject({ order: orderId })

export const paymentsQuery = z.strictObject({
  ...paging,
  state: z.enum(paymentStates).optional(),
  order: id.optional(),
  customer: id.optional(),
})

export const payment = z
  .object({
    bankNo: z.string(),
    amount: z.int().meta({ description: 'Fen.' }),
    paidAt: instant,
    reference: z.string().nullable(),
    order: z.string().nullable().meta({ description: 'Order that it belongs to; null as long as nobody could say.' }),
    orderNo: z.string().nullable(),
    customer: z.string().nullable(),
    contract: z.string().nullable(),
    state: z.enum(paymentStates),
    heard: z.boolean().meta({ description: 'The order has counted it. Until then it is told again and again.' }),
    source: z.enum(['bank', 'finance']),
    enteredBy: z.string(),
    receivedAt: instant,
    refundedAt: instant.nullable(),
  })
  .meta({ id: 'Payment' })

export const paymentList = z.object({ items: z.array(payment), page })
