import type { order as en } from '../en/order.ts'
import type { Same } from '../same.ts'

export const order: Same<typeof en> = {
  title: '工单',
  tasks: '环节',
  history: '历史',
  customer: '客户',
  process: '流程',
  opened: '受理时间',
  done: '完成',
  newTitle: '新建工单',
  chooseProcess: '选择流程',
  orderTitle: '标题',
  create: '创建工单',
  created: '工单已创建',
}
