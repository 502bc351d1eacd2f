import type { orders as en } from '../en/orders.ts'
import type { Same } from '../same.ts'

export const orders: Same<typeof en> = {
  title: '工单',
  search: '工单号、标题或客户',
  status: '状态',
  process: '流程',
  unit: '单位',
  customer: '客户',
  overdue: '仅超时',
  sort: '排序',
  sorts: { '-openedAt': '最新在前', openedAt: '最早在前', nextDueAt: '最近到期' },
  loaded: '已加载 {{count}} 条',
  loadedAll: '共 {{count}} 条',
  more: '正在加载更多……',
  column: { no: '工单号', order: '工单', customer: '客户', now: '当前环节', due: '到期', opened: '受理时间' },
  views: '视图',
  filters: '筛选',
  clear: '全部清除',
  with: '{{name}} 处理',
}
