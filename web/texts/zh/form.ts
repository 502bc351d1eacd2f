import type { form as en } from '../en/form.ts'
import type { Same } from '../same.ts'

export const form: Same<typeof en> = {
  outcome: '处理结果',
  reason: '原因',
  note: '备注',
  person: '人员',
  unit: '单位',
  until: '截止时间',
  choose: '请选择',
  typeToSearch: '输入以搜索',
  addOne: '每行一项',
  example: '如 {{example}}',
  yuan: '元',
  file: '选择文件',
  uploaded: '已上传：{{name}}',
  tooLong: '最多 {{max}} 个字',
  nothingFound: '没有找到',
  required: '必填',
}
