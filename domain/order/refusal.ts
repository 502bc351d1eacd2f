/** Why a command is refused. The list is closed; each code has one HTTP status and one advice. */
import type { Title } from '../title.ts'

const code = (status: number, en: string, zh: string) => ({ status, title: { en, zh } })

export const refusalCodes = {
  ORDER_CLOSED: code(409, 'The order has ended; nothing more can be done to it.', '工单已结束，不能再操作。'),
  ORDER_STOPPED: code(
    409,
    'The order is stopped after an inconsistency; an operator must repair it first.',
    '工单因不一致已停止，须先由运维修复。',
  ),
  ORDER_WITHDRAWING: code(409, 'The order is being withdrawn; wait until its effects are undone.', '工单正在撤销，请等待撤销完成。'),
  STALE_VERSION: code(412, 'The order has changed since you read it; read it again and decide anew.', '工单已变化，请刷新后重试。'),
  NO_SUCH_TASK: code(404, 'The order has no such open task; read the order again.', '工单没有该待办环节，请刷新。'),
  TASK_CLOSED: code(409, 'The task is already completed; read the order again.', '该环节已完成，请刷新。'),
  NOT_ALLOWED: code(403, 'Your role does not allow this; ask a colleague whose role does.', '您的角色无权进行此操作。'),
  NOT_ASSIGNEE: code(403, 'The task is not yours; its holder or a supervisor can do this.', '该任务不属于您。'),
  NOT_ACCEPTED: code(409, 'Accept the task first.', '请先接单。'),
  ALREADY_ACCEPTED: code(409, 'The task has been accepted already; reassign it instead.', '该任务已被接单，可改用转派。'),
  NOT_OFFERED: code(409, 'The task waits for dispatch; dispatch it first.', '该任务尚未派单。'),
  SUSPENDED: code(409, 'The task is suspended; resume it first.', '该任务已挂起，请先解挂。'),
  NOT_SUSPENDED: code(409, 'The task is not suspended.', '该任务未挂起。'),
  SUSPEND_NOT_ALLOWED: code(409, 'This step cannot be suspended; its clock runs on.', '该环节不允许挂起。'),
  UNKNOWN_OUTCOME: code(422, 'The step has no such outcome; choose one of those listed.', '该环节没有此结果。'),
  OUTCOME_NOT_CHOSEN: code(
    422,
    'The outcome of this step follows from elsewhere (signatures, a child order, the machine).',
    '该环节的结果不能直接填写。',
  ),
  OVER_AUTHORITY: code(
    422,
    'Amount, term or discount exceed the authority; choose the outcome for the next level.',
    '超出授权权限，请选择上报。',
  ),
  WITHIN_AUTHORITY: code(422, 'Within the authority; decide it yourself.', '在授权范围内，请自行审批。'),
  AUTHORITY_UNKNOWN: code(409, 'The authority table has no rule for you; ask for one before you approve.', '授权表中没有您的规则。'),
  FORM_INVALID: code(422, 'A field of the form is missing or wrong.', '表单字段缺失或错误。'),
  REASON_REQUIRED: code(422, 'Give a reason.', '请填写原因。'),
  SEPARATION_OF_DUTIES: code(
    403,
    'Whoever did the earlier step may not do this one; a colleague must.',
    '职责分离：经办人不能办理此环节。',
  ),
  NO_SUCH_PARTY: code(404, 'Nobody of that name is asked to sign.', '没有该会签方。'),
  PARTY_EXISTS: code(409, 'A party of that name is asked already.', '该会签方已存在。'),
  ALREADY_SIGNED: code(409, 'That party has signed.', '该会签方已签署。'),
  NOT_YOUR_TURN: code(409, 'Another party signs first.', '尚未轮到该会签方。'),
  UNKNOWN_ANSWER: code(422, 'The party may not give that answer; choose one of those listed.', '不支持该会签意见。'),
  NOT_JOINT: code(409, 'The step takes no signatures; complete it.', '该环节不是会签。'),
  LAST_SIGNER: code(409, 'The last signer cannot be removed.', '不能移除最后一个会签人。'),
  MANDATORY_SIGNER: code(409, 'A mandatory signer cannot be removed.', '不能移除必签方。'),
  NO_SUCH_CLOCK: code(404, 'The order has no such running clock.', '没有该时限。'),
  EXTENSION_ASKED: code(409, 'More time is asked for already; wait for the answer.', '已申请延期，请等待答复。'),
  EXTENSION_NOT_ASKED: code(409, 'Nobody asks for more time on this task; read the order again.', '该任务没有待答复的延期申请，请刷新。'),
  OWN_REQUEST: code(403, 'You ask for this time yourself; another supervisor must answer.', '不能答复自己的延期申请，须由其他主管答复。'),
  IRREVERSIBLE: code(409, 'A step that cannot be undone has been done; only a compensating process helps.', '已过不可撤销环节。'),
  NOT_RAISABLE: code(409, 'The order cannot be raised: its step is not overdue, or its process has no higher level.', '工单不能升级。'),
  REQUIREMENT: code(422, 'Something that this outcome needs is not so yet.', '不满足该结果的前提条件。'),
  AGREEMENT_NEEDED: code(
    403,
    'Something has been done that cannot be undone; those named must agree to the withdrawal.',
    '已有不可撤销的事项，撤单须由指定领导同意。',
  ),
  NOT_AMENDABLE: code(422, 'This fact of the order cannot be changed in flight; choose one of those listed.', '该内容不能在途修改。'),
  TARGET_REQUIRED: code(422, 'Name a unit or a person.', '请指定单位或人员。'),
  DATE_IN_PAST: code(422, 'The date lies in the past; give a later one.', '日期已过，请填写以后的时间。'),
  BAD_VALUE: code(422, 'A value is out of range.', '取值超出范围。'),
} as const satisfies Record<string, { status: number; title: Title }>

export type RefusalCode = keyof typeof refusalCodes

/** What is wrong with a single field, and how it is said where nothing says more. */
export const faultTitles = {
  REQUIRED: { zh: '必填', en: 'required' },
  UNKNOWN_FIELD: { zh: '没有该字段', en: 'there is no such field' },
  WRONG_TYPE: { zh: '填写的内容类型不对', en: 'not a value of this kind' },
  NOT_ONE_OF: { zh: '请从列出的选项中选择', en: 'choose one of those listed' },
  TOO_SHORT: { zh: '内容过短', en: 'too short' },
  TOO_LONG: { zh: '内容过长', en: 'too long' },
  TOO_SMALL: { zh: '数值过小', en: 'too small' },
  TOO_LARGE: { zh: '数值过大', en: 'too large' },
  BAD_FORMAT: { zh: '格式不正确', en: 'not written as it should be' },
  TAKEN: { zh: '已被占用，请另选', en: 'taken already: choose another' },
  OVERLAPS: { zh: '时间与其他记录重叠', en: 'overlaps with another' },
  UNCHANGED: { zh: '没有任何变化', en: 'nothing has been changed' },
  IN_PAST: { zh: '时间已过', en: 'lies in the past' },
  INVALID: { zh: '不符合要求', en: 'does not fit' },
} as const satisfies Record<string, Title>

export type FieldFault = keyof typeof faultTitles

export const fieldFaults = Object.keys(faultTitles) as [FieldFault, ...FieldFault[]]

/** More precisely than the code's title; `detail`, for programs, is what it says in English unless it is given. */
type Said = { says?: Title; detail?: never } | { says: Title; detail: string }

type RefusalOptions = Said & {
  field?: string
  /** Of the field. */
  fault?: FieldFault
}

/** Thrown by `decide`: the command is refused and nothing has changed. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly field: string | undefined
  readonly fault: FieldFault | undefined
  readonly detail: string | undefined
  readonly says: Title | undefined

  constructor(code: RefusalCode, options: RefusalOptions = {}) {
    const detail = options.detail ?? options.says?.en
    super(detail ? `${code}: ${detail}` : code)
    this.name = 'Refusal'
    this.code = code
    this.field = options.field
    this.fault = options.fault
    this.detail = detail
    this.says = options.says
  }
}
