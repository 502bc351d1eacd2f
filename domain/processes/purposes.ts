/** What each process is for, in a sentence: whoever starts an order chooses by it. */
import type { Title } from '../title.ts'
import type { specs } from './index.ts'
import { t } from './parts.ts'

type ProcessId = (typeof specs)[number]['id']

const purposes: Readonly<Record<ProcessId, Title>> = {
  'order-fulfilment': t(
    '客户提出业务需求：从需求、方案、合同、施工到开通的全程',
    'A customer wants a service: from demand over solution, contract and construction to activation',
  ),
  'customer-visit': t('主动走访客户，了解并记录需求', 'Calling on customers to learn and note what they need'),
  'solution-argumentation': t('为客户需求制定并论证技术方案', 'A technical solution for a demand, worked out and argued'),
  'contract-countersign': t('拟定合同，各部门会签，客户审核后签定', 'A contract drafted, countersigned by the departments and signed'),
  construction: t('按合同施工、验收，不合格则返工', 'Building what the contract says, with acceptance and rework'),
  'service-activation': t('开通数据业务以外的业务', 'Activating any service but data services'),
  'data-service-activation': t('开通专线、互联网等数据业务', 'Activating leased lines, internet and other data services'),
  'return-visit': t('业务开通、故障或投诉之后回访客户', 'Asking a customer after an activation, a fault or a complaint'),
  complaint: t('受理客户投诉，按黄色、红色通道逐级处理', 'A complaint, climbing the yellow and the red channel where it must'),
  'customer-transfer': t('客户经理变动时移交客户与业务', 'Handing customers over when their account manager changes'),
  suggestion: t('收集客户建议，分析后采纳或答复', 'A suggestion of a customer, weighed, taken up or answered'),
  'fault-level-1': t('业务中断等重大故障，须上报分管副总', 'A grave fault, such as an outage, reported up to the deputy general manager'),
  'fault-level-2': t('影响较小的故障', 'A fault of less effect'),
  'graded-fault': t('政企客户报障，按等级限时处理', 'A fault of a government or enterprise customer, timed by its grade'),
  'credit-review': t('设定或变更客户的信用度', "Setting or changing a customer's credit"),
  'arrears-dunning': t('客户欠费：催缴，直至停机或法律途径', 'Arrears: dunning, up to restriction or the law'),
  'network-leave': t('客户要求离网：了解原因并办理', 'A customer wants to leave: why, and how it is done'),
  retention: t('挽留可能离网的客户', 'Keeping a customer who may leave'),
  'customer-maintenance': t('定期维系中高端客户', 'Keeping in touch with customers of middle and high value'),
  'abnormal-customer-tracking': t('核实并跟踪消费异常的客户', 'Looking into customers whose use is out of the ordinary'),
  'settlement-unified': t('全省统一的代理商月度结算', "The province's monthly settlement with its agents"),
  'settlement-single': t('单个代理商的月度结算', 'The monthly settlement with a single agent'),
  'settlement-special': t('按专项方案结算', 'Settlement by a special scheme'),
  'settlement-real-time': t('发展业务时即时结算', 'Settlement at the moment of the sale'),
  'settlement-rerun': t('方案或数据有误时重新结算', 'Settling again where scheme or data were wrong'),
  'rebate-payout': t('调整返利并付款', 'Adjusting rebates and paying them out'),
  'commission-correction': t('补发或扣回单笔佣金', 'Paying or clawing back a single commission'),
}

/** Nothing for a process that does not come with the product. */
export const purposeOf = (id: string): Title | undefined => (Object.hasOwn(purposes, id) ? purposes[id as ProcessId] : undefined)
