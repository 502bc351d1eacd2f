/** Subjects of the notifications that specifications and ladders send, by template id. */
import type { Title } from '../title.ts'
import { t } from './parts.ts'

export const templates = {
  'fault-reported': t('大客户故障已受理', 'A key-account fault has been reported'),
  'fault-application': t('故障申请书已上报', 'A fault application is being issued'),
  'fault-fixed': t('故障已排除', 'The fault has been fixed'),
  'fault-not-fixed': t('故障仍未排除', 'The fault is not fixed yet'),
  'fault-accepted': t('故障已由监控中心受理', 'The monitoring centre has accepted your fault'),
  'fault-dispatched': t('故障已派单', 'Your fault has been dispatched'),
  'fault-taken': t('维护人员已接单', 'An engineer has taken your fault'),
  'fault-repaired': t('故障已修复,等待确认', 'Your fault has been repaired; we will ask you to confirm'),
  'fault-recovered': t('故障恢复已确认', 'The recovery of your service is confirmed'),
  'complaint-received': t('您的投诉已受理', 'Your complaint has been taken in'),
  'complaint-raised': t('投诉已上移一级', 'A complaint has been raised to another channel'),
  'complaint-answered': t('您的投诉已有答复', 'Your complaint has been answered'),
  'suggestion-thanks': t('感谢您的建议,已采纳', 'Thank you: your suggestion has been adopted'),
  'suggestion-answered': t('您的建议已有答复', 'Your suggestion has been answered; thank you'),
  'construction-started': t('工程已开工', 'The works have begun'),
  'construction-built': t('施工已完成,准备联调', 'The works are built and will be tested'),
  'circuit-tested': t('电路联调通过', 'The circuit has passed its test'),
  'acceptance-asked': t('请参加工程验收', 'Please take part in the acceptance of the works'),
  'construction-rectified': t('整改已完成,请再次验收', 'Defects are put right; the works will be accepted again'),
  'construction-archived': t('工程已验收存档,移交维护', 'The works are accepted, filed and handed over'),
  'contract-date-in-danger': t('合同完工时限有风险', 'The contract date of the works is in danger'),
  'contract-urged': t('请签定合同,以便开通业务', 'Please sign the contract, so that your service can be activated'),
  'payment-asked': t('请按合同付款', 'Please pay by the contract'),
  'payment-received': t('已收到您的付款', 'Your payment has been received'),
  'invoice-issued': t('发票已开具', 'Your invoice has been issued'),
  'activation-date-asked': t('请确认开通日期', 'Please confirm the activation date'),
  'service-activated': t('业务已开通', 'The service has been activated'),
  'departments-told': t('业务开通通知', 'Notice of an activation'),
  'limit-warning': t('时限即将到期', 'A limit is about to expire'),
  'limit-breach': t('已超时', 'A limit has been exceeded'),
  'promise-in-danger': t('对客户的承诺时间有风险', 'A promise to a customer is in danger'),
  'promise-missed': t('已超过对客户的承诺时间', 'A promise to a customer has been missed'),
} as const satisfies Record<string, Title>

export type TemplateId = keyof typeof templates
