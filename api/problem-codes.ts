/**
 * Why a request is answered with a problem. The list is closed: the rules' refusals and the door's own codes. Each has one HTTP
 * status and a title that says what to do next.
 */
import { type FieldFault, fieldFaults, refusalCodes } from '../domain/order/refusal.ts'
import type { Title } from '../domain/title.ts'

const code = (status: number, en: string, zh: string) => ({ status, title: { en, zh } })

export const doorCodes = {
  // Who asks
  UNAUTHENTICATED: code(401, 'Log in first, or send a valid bearer token.', '请先登录，或提供有效的令牌。'),
  BAD_CREDENTIALS: code(401, 'Login or password is wrong; check both and try again.', '账号或密码错误，请检查后重试。'),
  SSO_REFUSED: code(
    401,
    'The login at the identity provider did not hold; begin again, or ask an administrator. The detail says why.',
    '统一认证登录未通过，请重试或联系管理员。',
  ),
  SSO_UNAVAILABLE: code(503, 'The identity provider does not answer; try again after Retry-After.', '统一认证服务暂不可用，请稍后再试。'),
  CROSS_SITE: code(
    403,
    "The request comes from another site; use the application's own pages, or a bearer token.",
    '请求来自其他网站，请使用本系统页面或令牌。',
  ),
  TOO_MANY_ATTEMPTS: code(429, 'Too many attempts; wait as long as Retry-After says.', '尝试次数过多，请稍后再试。'),
  TOO_MANY_STREAMS: code(429, 'This session has too many live streams open; share one among the tabs.', '实时连接过多，请关闭多余的页面。'),
  // What is asked for
  NO_SUCH_ROUTE: code(404, 'There is no such address; /docs lists all of them.', '没有该地址，请查看 /docs。'),
  METHOD_NOT_ALLOWED: code(405, 'The address does not take this method; the Allow header names those it takes.', '该地址不支持此方法。'),
  NOT_FOUND: code(
    404,
    'There is no such thing, or it is outside what you may see; check the id.',
    '不存在，或超出您的可见范围，请检查编号。',
  ),
  NOT_RECORDED: code(
    404,
    'Not recorded (yet): ask again, or send the request again with the same Idempotency-Key; it takes effect once.',
    '尚未记录：请稍后再查，或用相同的 Idempotency-Key 重发，只会生效一次。',
  ),
  // How it is asked
  MALFORMED_JSON: code(400, 'The body is not JSON; correct it and send it again.', '请求体不是合法的 JSON，请更正后重发。'),
  MALFORMED_REQUEST: code(400, 'The request cannot be read; the detail says why.', '请求无法解析，请查看详情。'),
  UNSUPPORTED_MEDIA_TYPE: code(415, 'Send the type that the operation takes; the detail names it.', '不支持的内容类型，请查看详情。'),
  BODY_TOO_LARGE: code(413, 'The body is too large; send less. The detail names the limit.', '请求体过大，请查看详情中的上限。'),
  BAD_VERSION: code(400, 'If-Match must be the ETag of the order as you read it, for example "12".', 'If-Match 必须是读取工单时的 ETag。'),
  BAD_CURSOR: code(400, 'The cursor is not one of ours; take the list again from its beginning.', '游标无效，请从头读取列表。'),
  POLICY_CHANGED: code(412, 'The policy has changed since you read it; read it again and decide anew.', '规则已变化，请刷新后重试。'),
  VALIDATION_FAILED: code(422, 'Some fields are wrong; correct those listed and send it again.', '部分字段有误，请更正后重发。'),
  IDEMPOTENCY_KEY_REQUIRED: code(
    400,
    'Send an Idempotency-Key header, a new one for each intention, so that a repeat takes effect once.',
    '请提供 Idempotency-Key 请求头，每次操作使用新的值。',
  ),
  IDEMPOTENCY_KEY_INVALID: code(
    400,
    'The Idempotency-Key must have 1 to 128 visible ASCII characters.',
    'Idempotency-Key 须为 1 到 128 个可见 ASCII 字符。',
  ),
  IDEMPOTENCY_MISMATCH: code(
    422,
    'This Idempotency-Key came with another request before; use a new key for a new intention.',
    '该 Idempotency-Key 已用于另一个请求，请换用新的值。',
  ),
  IDEMPOTENCY_IN_PROGRESS: code(
    409,
    'The first request with this Idempotency-Key still runs; ask again in a moment.',
    '使用该 Idempotency-Key 的请求仍在处理，请稍后再试。',
  ),
  // What it names
  UNKNOWN_PROCESS: code(422, 'There is no such process; GET /processes lists them.', '没有该流程，请查看流程列表。'),
  UNKNOWN_REFERENCE: code(
    422,
    'A field names something that does not exist or is outside what you may see; choose another.',
    '引用的对象不存在或超出可见范围，请另选。',
  ),
  UNFIT_TARGET: code(
    422,
    'The unit or person named cannot do this step; choose one with a fitting role.',
    '所选单位或人员的角色不适合此环节，请另选。',
  ),
  SOURCE_TAKEN: code(
    409,
    'An order outside what you may see has this source number; ask a dispatcher.',
    '该来源编号的工单不在您的可见范围内，请联系派单员。',
  ),
  RESOURCE_TAKEN: code(409, 'Another order holds a resource that you named; choose a free one.', '所选资源已被其他工单占用，请另选。'),
  RESOURCE_UNNAMED: code(
    422,
    'The file must name every resource that the customer occupies; add those listed.',
    '项目资料须列明客户占用的全部资源，请补充。',
  ),
  RESOURCE_NOT_OCCUPIED: code(
    422,
    'The file names a resource that the order does not occupy; take it out.',
    '项目资料列有本工单未占用的资源，请删除。',
  ),
  PAYMENT_CONFLICT: code(
    409,
    "The bank's number is known with another amount or for another order; the detail says which. Check it with the bank.",
    '该银行流水号已对应其他金额或工单，请与银行核对。',
  ),
  // Files
  FILE_REQUIRED: code(422, 'Send one file in the field "file".', '请在字段 file 中上传一个文件。'),
  FILE_TOO_LARGE: code(413, 'The file is larger than 20 MB; split or compress it.', '文件超过 20 MB，请拆分或压缩。'),
  FILE_EMPTY: code(422, 'The file is empty; choose another.', '文件为空，请另选。'),
  FILE_TYPE_NOT_ALLOWED: code(
    415,
    'Files of this type are not taken; send PDF, PNG, JPEG, WebP, Office, text or CSV.',
    '不支持该类型的文件，请上传 PDF、图片、Office、文本或 CSV。',
  ),
  FILE_NAME_MISMATCH: code(
    415,
    'The content is of another type than the name says; rename the file or send the right one.',
    '文件内容与扩展名不符，请更正。',
  ),
  // What lies behind
  ENGINE_UNAVAILABLE: code(
    503,
    'The engine cannot be reached; send the request again with the same Idempotency-Key after Retry-After.',
    '引擎暂不可用，请稍后用相同的 Idempotency-Key 重发。',
  ),
  ENGINE_ORDER_MISSING: code(
    503,
    'The order is not running in the engine; an operator must bring it back from the record.',
    '引擎中没有该工单，须由运维从台账恢复。',
  ),
  DATABASE_UNAVAILABLE: code(
    503,
    'The database cannot be reached; send the request again with the same Idempotency-Key after Retry-After.',
    '数据库暂不可用，请稍后重发。',
  ),
  BUDGET_EXCEEDED: code(
    409,
    "The campaign's budget does not cover that; take a cheaper scheme or ask for more budget.",
    '超出挽留活动预算，请选择成本更低的方案。',
  ),
  OVERLOADED: code(
    503,
    'There is more to do than this server can; send the request again after Retry-After, with the same Idempotency-Key.',
    '请求过多，请稍后用相同的 Idempotency-Key 重发。',
  ),
  DRAINING: code(503, 'This server is going down; send the request again.', '服务器正在停止，请重发请求。'),
  INTERNAL: code(500, 'Something is wrong on our side; tell an operator the request id.', '系统内部错误，请将请求编号告知运维。'),
} as const satisfies Record<string, { status: number; title: Title }>

export const problemCodes = { ...refusalCodes, ...doorCodes } as const

export type ProblemCode = keyof typeof problemCodes

export const isProblemCode = (value: unknown): value is ProblemCode => typeof value === 'string' && Object.hasOwn(problemCodes, value)

/** Codes of single fields inside a problem's `errors`. */
export const fieldCodes = fieldFaults

export type FieldCode = FieldFault
