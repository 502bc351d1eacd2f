import type { command as en } from '../en/command.ts'
import type { Same } from '../same.ts'

export const command: Same<typeof en> = {
  dispatch: '派单',
  accept: '接单',
  refuse: '拒单',
  complete: '回单',
  return: '退回',
  reassign: '转派',
  suspend: '挂起',
  resume: '解挂',
  urge: '催单',
  comment: '备注',
  'set-priority': '优先级',
  sign: '会签',
  'add-signer': '加签',
  'remove-signer': '减签',
  withdraw: '撤单',
  extend: '延期',
  'ask-extension': '申请延期',
  'grant-extension': '批准延期',
  'deny-extension': '不批准延期',
  raise: '升级处理',
  amend: '变更需求',
}
