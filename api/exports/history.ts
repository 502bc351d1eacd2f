/** One order's history as a file: for a program, for a spreadsheet, and on paper. */
import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import type { Response } from 'express'
import { eventTitles } from '../../domain/order/event-titles.ts'
import type { EventType } from '../../domain/order/event.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Title } from '../../domain/title.ts'
import { clockTitle, fieldOf, parties } from './words.ts'

export type Lang = 'zh' | 'en'

export interface HistoryRow {
  seq: number
  move: number
  type: string
  at: string
  actor: { kind: string; id: string; for?: string }
  data: Readonly<Record<string, unknown>>
  command: string | null
  prevHash: string
  hash: string
}

export interface HistoryFile {
  order: { id: string; no: string | null; title: string; process: string; status: string; customer: Title | null; openedAt: string }
  spec: ProcessSpec | undefined
  rows: readonly HistoryRow[]
  names: Readonly<Record<string, Title>>
  /** Whether chain, rows and process agree. */
  verified: boolean
  now: Date
}

const t = (zh: string, en: string): Title => ({ zh, en })

const words = {
  title: t('工单历史', 'History of an order'),
  process: t('流程', 'Process'),
  customer: t('客户', 'Customer'),
  opened: t('开立', 'Opened'),
  status: t('状态', 'Status'),
  events: t('事件', 'Events'),
  printed: t('打印', 'Printed'),
  whole: t('校验通过：哈希链、各表与流程一致', 'Verified: chain of hashes, rows and process agree'),
  broken: t('校验未通过，请在系统中查看首个差异', 'Not verified: look at the first difference in the application'),
  head: t('末条哈希', 'Hash of the last event'),
  for: t('代', 'for'),
  zone: t('时间均为北京时间', 'Times are those of China'),
} as const

const statuses: Readonly<Record<string, Title>> = {
  open: t('进行中', 'open'),
  withdrawing: t('撤单中', 'being withdrawn'),
  closed: t('已结束', 'closed'),
  stopped: t('已停止', 'stopped'),
}

const kinds: Readonly<Record<string, Title>> = {
  system: t('系统', 'machine'),
  clock: t('时限', 'clock'),
  order: t('关联工单', 'other order'),
  customer: t('客户', 'customer'),
  person: t('人员', 'person'),
}

/** Data in words; what has no label is for programs and stays out of print. */
const labels: Readonly<Record<string, Title>> = {
  title: t('主题', 'subject'),
  no: t('编号', 'number'),
  step: t('环节', 'step'),
  outcome: t('结果', 'outcome'),
  person: t('人员', 'person'),
  unit: t('单位', 'unit'),
  absent: t('代', 'in place of'),
  queue: t('队列', 'queue'),
  reason: t('原因', 'reason'),
  note: t('说明', 'note'),
  text: t('内容', 'text'),
  party: t('方', 'party'),
  answer: t('意见', 'answer'),
  opinion: t('说明', 'opinion'),
  clock: t('时限', 'limit'),
  due: t('到期', 'due'),
  pct: t('比例', 'percent'),
  priority: t('优先级', 'priority'),
  policy: t('依据', 'by'),
  until: t('至', 'until'),
  end: t('结局', 'end'),
  to: t('转至', 'to'),
  message: t('信息', 'message'),
  form: t('表单', 'form'),
  facts: t('信息', 'facts'),
}

/** China has one time zone and no summer time. */
export const chinaTime = (instant: string | number): string =>
  new Date(new Date(instant).getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

/** Who did it, in words. */
export function whoDid({ actor }: HistoryRow, names: HistoryFile['names'], lang: Lang): string {
  const name = (id: string) => names[id]?.[lang] ?? id
  const who = actor.kind === 'person' || actor.kind === 'customer' ? name(actor.id) : (kinds[actor.kind]?.[lang] ?? actor.kind)
  return actor.for === undefined
    ? who
    : lang === 'zh'
      ? `${who}（代 ${name(actor.for)}）`
      : `${who} (${words.for[lang]} ${name(actor.for)})`
}

export const eventTitle = (type: string, lang: Lang): string => eventTitles[type as EventType]?.[lang] ?? type

/** What the event says, in words: the step first, then what was given. */
export function whatSaid({ data, type }: HistoryRow, { spec, names, rows }: HistoryFile, lang: Lang): string {
  const stepOf = (task: unknown) => {
    const opened = rows.find((row) => row.type === 'task-opened' && row.data.task === task)
    const step = spec?.steps[String(opened?.data.step ?? data.step ?? '')]
    return step?.title[lang] ?? (task === undefined ? undefined : String(task))
  }
  const step = stepOf(data.task)
  const shown = Object.entries(data).flatMap(([key, value]) => {
    if (!labels[key] || key === 'step' || (type === 'order-opened' && key === 'facts')) return []
    const text = written(key, value)
    return text === '' ? [] : [`${labels[key][lang]}${lang === 'zh' ? '：' : ': '}${text}`]
  })
  function written(key: string, value: unknown): string {
    if (value === null || value === undefined) return ''
    if ((key === 'due' || key === 'until') && typeof value === 'number') return chinaTime(value).slice(0, 16)
    if (key === 'outcome') {
      const opened = rows.find((row) => row.type === 'task-opened' && row.data.task === data.task)
      return spec?.steps[String(opened?.data.step ?? '')]?.outcomes[String(value)]?.title[lang] ?? String(value)
    }
    if (key === 'clock' && typeof value === 'string')
      return value.includes('/') ? (stepOf(value.slice(0, value.lastIndexOf('/'))) ?? value) : (clockTitle(spec, value)?.[lang] ?? value)
    if (key === 'pct') return `${String(value)} %`
    if (key === 'party' && typeof value === 'string' && parties[value]) return parties[value][lang]
    if (typeof value === 'string') return names[value]?.[lang] ?? value
    if (Array.isArray(value))
      return value.map((one) => (typeof one === 'string' ? (names[one]?.[lang] ?? one) : JSON.stringify(one))).join(', ')
    if (typeof value === 'object')
      return Object.entries(value)
        .map(([name, one]) => {
          const field = fieldOf(spec, name)
          const text = typeof one === 'string' ? (names[one]?.[lang] ?? one) : JSON.stringify(one)
          return `${field?.title[lang] ?? name} = ${field?.type === 'instant' && typeof one === 'number' ? chinaTime(one).slice(0, 16) : text}`
        })
        .join(', ')
    return String(value)
  }
  return [...(step === undefined ? [] : [step]), ...shown].join(lang === 'zh' ? '；' : '; ')
}

const FONT = createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf')
const MARGIN = 40
/** Widths of the columns on A4: number, time, who, what, words. */
const COLUMNS = [28, 92, 76, 78, 241] as const
const SIZE = 8
const columns = [t('序号', 'No.'), t('时间', 'At'), t('操作人', 'Who'), t('事件', 'Event'), t('内容', 'What')] as const

/** Writes the history as a PDF with its font in it, cut to the characters that occur. */
export async function sendPdf(res: Response, file: HistoryFile, lang: Lang): Promise<void> {
  const { order, rows } = file
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    info: { Title: `${words.title[lang]} ${order.no ?? order.id}`, Creator: 'Paidan 派单', CreationDate: file.now },
  })
  res.type('application/pdf')
  res.attachment(`${order.no ?? order.id}.pdf`)
  const done = new Promise<void>((resolve, reject) => {
    res.once('close', resolve)
    doc.once('error', reject)
  })
  doc.pipe(res)
  doc.registerFont('sans', FONT)
  doc.font('sans')
  doc.fontSize(16).text(`${words.title[lang]} ${order.no ?? order.id}`)
  doc.moveDown(0.3).fontSize(11).text(order.title)
  doc.moveDown(0.5).fontSize(9)
  const facts: [Title, string][] = [
    [words.process, file.spec?.title[lang] ?? order.process],
    ...(order.customer ? ([[words.customer, order.customer[lang]]] satisfies [Title, string][]) : []),
    [words.opened, chinaTime(order.openedAt)],
    [words.status, statuses[order.status]?.[lang] ?? order.status],
    [words.events, String(rows.length)],
    [words.head, rows.at(-1)?.hash ?? ''],
    [words.printed, chinaTime(file.now.getTime())],
  ]
  for (const [label, value] of facts) doc.text(`${label[lang]}${lang === 'zh' ? '：' : ': '}${value}`)
  doc.moveDown(0.3).text(file.verified ? words.whole[lang] : words.broken[lang])
  doc.fillColor('#666').text(words.zone[lang]).fillColor('#000')
  doc.moveDown(0.8)
  let y = doc.y
  const head = () => {
    let x = MARGIN
    doc.fontSize(SIZE).fillColor('#666')
    columns.forEach((column, i) => {
      doc.text(column[lang], x, y, { width: COLUMNS[i]! - 6 })
      x += COLUMNS[i]!
    })
    y += SIZE * 2
  }
  head()
  for (const row of rows) {
    if (res.destroyed) return
    const cells = [String(row.seq), chinaTime(row.at), whoDid(row, file.names, lang), eventTitle(row.type, lang), whatSaid(row, file, lang)]
    doc.fontSize(SIZE)
    const height = Math.max(...cells.map((cell, i) => doc.heightOfString(cell || ' ', { width: COLUMNS[i]! - 6 }))) + 5
    // A text longer than a page goes on by itself; everything else stays in one piece.
    if (y + height > doc.page.height - MARGIN - 14 && y > MARGIN) {
      doc.addPage()
      y = MARGIN
      head()
    }
    doc
      .moveTo(MARGIN, y - 2)
      .lineTo(MARGIN + COLUMNS.reduce((a, b) => a + b, 0), y - 2)
      .lineWidth(0.3)
      .stroke('#ccc')
    let x = MARGIN
    const page = doc.bufferedPageRange().count
    cells.forEach((cell, i) => {
      doc.fillColor(i === 0 ? '#666' : '#000').text(cell, x, y, { width: COLUMNS[i]! - 6 })
      x += COLUMNS[i]!
    })
    y = doc.bufferedPageRange().count > page ? doc.y + 5 : y + height
    // Long histories: others must have their turn.
    if (row.seq % 200 === 0) await new Promise(setImmediate)
  }
  const { count } = doc.bufferedPageRange()
  for (let n = 0; n < count; n++) {
    doc.switchToPage(n)
    // Below the margin a text would begin a page of its own.
    doc.page.margins.bottom = 0
    doc
      .fontSize(8)
      .fillColor('#666')
      .text(`${order.no ?? order.id}  ${n + 1} / ${count}`, MARGIN, doc.page.height - MARGIN + 8, {
        align: 'center',
        width: doc.page.width - 2 * MARGIN,
      })
  }
  doc.end()
  await done
}
