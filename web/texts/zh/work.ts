import type { work as en } from '../en/work.ts'
import type { Same } from '../same.ts'

export const work: Same<typeof en> = {
  title: '我的工作',
  held: '在我手上',
  offered: '派给我的',
  unit: '本单位的',
  lane: { mine: '我的', unit: '本单位' },
  empty: '没有待办',
  emptyHint: '新的工单会自动出现在这里。',
  accept: '接单',
  accepted: '已接单：{{step}}',
  open: '打开',
  sign: '待会签：{{party}}',
  forWhom: '代 {{name}}',
  key: { group: '我的工作', next: '下一项', previous: '上一项', accept: '接单', open: '打开' },
}
