/** Texts of notifications, made from their data when somebody reads them, in the reader's language. */
import { Temporal } from 'temporal-polyfill'
import { formatBudget } from './calendar/duration.ts'
import type { Fact } from './order/spec.ts'
import { specOf } from './processes/index.ts'
import { templates as ofProcesses } from './processes/templates.ts'
import type { Title } from './title.ts'

export type Lang = keyof Title

const t = (zh: string, en: string): Title => ({ zh, en })

/** Subjects of what every process tells, beside those of the specifications. */
const general = {
  'task-offered': t('新任务待接单', 'A task waits for you to accept it'),
  'task-held': t('任务由您继续办理', 'The next step is yours'),
  'task-taken-away': t('任务已转派他人', 'A task of yours went to somebody else'),
  'offer-expired': t('派单未及时接单，已收回', 'You did not accept in time; the offer was taken back'),
  'task-queued': t('任务待派单', 'A task waits to be dispatched'),
  'task-cancelled': t('任务已取消', 'A task of yours was cancelled'),
  'task-suspended': t('任务已挂起', 'Your task is suspended'),
  'task-resumed': t('任务已解挂，时限继续计算', 'Your task is resumed; its clock runs on'),
  'suspend-asked': t('挂起申请待审批', 'A suspension waits for your approval'),
  'suspend-denied': t('挂起申请未获批准', 'Your suspension was not approved'),
  'extension-asked': t('延期申请待审批', 'Somebody asks you for more time'),
  'extension-granted': t('延期申请已获批准', 'You got more time'),
  'extension-denied': t('延期申请未获批准', 'You did not get more time'),
  'signature-asked': t('待您会签', 'Your signature is asked for'),
  'order-urged': t('客户或同事催单', 'You are urged to go on'),
  'automatic-failed': t('自动环节失败，可转人工', 'An automatic step failed; a person may take it over'),
  mentioned: t('有人在备注中提到您', 'You are mentioned in a comment'),
  'customer-message': t('关于您的工单', 'About your order'),
  'order-started': t('已发起关联工单', 'Another order was started from yours'),
  'order-raised': t('工单已升级', 'The order was raised'),
  'order-closed': t('工单已结束', 'The order has ended'),
} as const satisfies Record<string, Title>

export const messageSubjects: Readonly<Record<string, Title>> = { ...ofProcesses, ...general }

/** Where people read instants, unless the reader has said otherwise. */
const ZONE = 'Asia/Shanghai'

const written = (ms: Fact): string => {
  const { year, month, day, hour, minute } = Temporal.Instant.fromEpochMilliseconds(Number(ms)).toZonedDateTimeISO(ZONE)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`
}

type Data = Readonly<Record<string, Fact>>

const text = (value: Fact): string => (Array.isArray(value) ? value.join(', ') : String(value))

/** Lines of the body: label, and how the value is written. Data without a line here is for programs. */
const lines: readonly { name: string; label: Title; write?: (value: Fact, lang: Lang, data: Data) => string }[] = [
  { name: 'no', label: t('工单', 'Order') },
  { name: 'title', label: t('主题', 'Subject') },
  { name: 'process', label: t('流程', 'Process'), write: (id, lang) => titleOfProcess(text(id), lang) },
  { name: 'step', label: t('环节', 'Step'), write: (id, lang, data) => titleOfStep(text(data.process ?? ''), text(id), lang) },
  { name: 'outcome', label: t('结果', 'Outcome'), write: (id, lang, data) => titleOfOutcome(data, text(id), lang) },
  { name: 'pct', label: t('已用时限', 'Used'), write: (pct) => `${text(pct)} %` },
  { name: 'more', label: t('延长', 'More time'), write: (ms, lang) => formatBudget(Number(ms), lang) },
  { name: 'due', label: t('到期', 'Due'), write: written },
  { name: 'late', label: t('触发延迟', 'Noticed late by'), write: (ms, lang) => formatBudget(Number(ms), lang) },
  { name: 'absent', label: t('代办', 'On behalf of') },
  { name: 'reason', label: t('原因', 'Reason') },
  { name: 'note', label: t('说明', 'Note') },
  { name: 'message', label: t('错误', 'Error') },
  { name: 'text', label: t('内容', 'Message') },
  { name: 'end', label: t('结束状态', 'End'), write: (id, lang, data) => titleOfEnd(text(data.process ?? ''), text(id), lang) },
]

/**
 * A notification in words. What it does not know it writes as it stands: an old message stays readable after a process has changed.
 * @param data as kept with the notification
 */
export function renderMessage(template: string, lang: Lang, data: Data): { subject: string; body: string } {
  const subject = messageSubjects[template]?.[lang] ?? template
  const no = data.no === undefined ? '' : `[${text(data.no)}] `
  const body = lines.flatMap(({ name, label, write = text }) => {
    const value = data[name]
    return value === undefined || value === '' || (name === 'late' && Number(value) < 60_000)
      ? []
      : [`${label[lang]}${lang === 'zh' ? '：' : ': '}${write(value, lang, data)}`]
  })
  return { subject: `${no}${subject}`, body: body.join('\n') }
}

function known(process: string) {
  try {
    return specOf(process)
  } catch {
    return undefined
  }
}

const titleOfProcess = (id: string, lang: Lang): string => known(id)?.title[lang] ?? id
const titleOfStep = (process: string, step: string, lang: Lang): string => known(process)?.steps[step]?.title[lang] ?? step
const titleOfEnd = (process: string, end: string, lang: Lang): string => known(process)?.ends[end]?.title[lang] ?? end
const titleOfOutcome = (data: Data, outcome: string, lang: Lang): string =>
  known(text(data.process ?? ''))?.steps[text(data.step ?? '')]?.outcomes[outcome]?.title[lang] ?? outcome
