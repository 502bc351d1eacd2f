import type { track as en } from '../en/track.ts'
import type { Same } from '../same.ts'

export const track: Same<typeof en> = {
  title: '工单进度',
  no: '工单 {{no}}',
  status: { open: '办理中', done: '已办结', withdrawn: '已撤销' },
  promise: '承诺完成时间：{{time}}',
  moved: '最初承诺 {{time}}，之后有变动：',
  from: '{{from}} → {{to}}',
  done: '已完成',
  now: '正在办理',
  upcoming: '待办理',
  begun: '我们已收到您的请求，正在办理。',
  asked: '需要您确认',
  send: '提交',
  sent: '谢谢，我们已收到。',
  opinion: '您的意见（选填）',
  messages: '留言',
  us: '我方',
  you: '您',
  write: '给我们留言',
  gone: '链接已失效',
  goneHint: '链接已过期或被收回，请联系您的客户经理获取新链接。',
  step: '第 {{n}} 步，共 {{all}} 步',
}
