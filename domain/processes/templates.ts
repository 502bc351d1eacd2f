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
  'limit-warning': t('时限即将到期', 'A limit is about to expire'),
  'limit-breach': t('已超时', 'A limit has been exceeded'),
} as const satisfies Record<string, Title>

export type TemplateId = keyof typeof templates
