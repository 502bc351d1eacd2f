/** Notifications as e-mails. */
import { type Lang, renderMessage } from '../domain/messages.ts'
import type { Fact } from '../domain/order/spec.ts'

const closing = {
  zh: '此邮件由派单系统自动发出，请勿直接回复。',
  en: 'This message was sent by Paidan; please do not reply to it.',
} as const

/**
 * Subject and text of an e-mail.
 * @param publicUrl where people reach the console; without, the mail has no link. Customers never get one: they have no login.
 */
export function renderEmail(
  message: { template: string; order: string; data: Readonly<Record<string, Fact>>; customer: boolean },
  lang: Lang,
  publicUrl?: string,
): { subject: string; text: string } {
  const { subject, body } = renderMessage(message.template, lang, message.customer ? forCustomer(message.data) : message.data)
  const link = publicUrl && !message.customer ? [`${publicUrl.replace(/\/$/, '')}/orders/${encodeURIComponent(message.order)}`] : []
  return { subject, text: [body, ...link, closing[lang]].join('\n\n') }
}

/** What is ours to know: who acted for whom, how late we noticed, and why we did what. */
const INTERNAL = new Set(['absent', 'late', 'reason', 'message', 'pct', 'step', 'outcome'])

const forCustomer = (data: Readonly<Record<string, Fact>>) =>
  Object.fromEntries(Object.entries(data).filter(([name]) => !INTERNAL.has(name)))
