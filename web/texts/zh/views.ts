import type { views as en } from '../en/views.ts'
import type { Same } from '../same.ts'

export const views: Same<typeof en> = {
  title: '视图',
  mine: '我的视图',
  shared: '共享给我的',
  none: '还没有视图',
  save: '保存当前视图……',
  manage: '管理视图……',
  name: '名称',
  share: '谁能看到',
  private: '仅自己',
  sharedWith: '已共享给{{unit}}',
  by: '{{name}}，{{unit}}',
  saved: '视图“{{name}}”已保存',
  removed: '已删除',
  remove: '删除“{{name}}”',
  change: '修改“{{name}}”',
  update: '改用当前筛选条件',
  replaced: '同名视图将被替换。',
  noFilters: '无筛选条件',
  palette: '{{page}}的视图',
}
