import type { notifications as en } from '../en/notifications.ts'
import type { Same } from '../same.ts'

export const notifications: Same<typeof en> = {
  title: '通知',
  bell: '通知：{{count}} 条未读',
  unread: '未读',
  all: '全部',
  readAll: '全部标为已读',
  read: '标为已读',
  empty: '没有通知',
  emptyHint: '与您有关的消息会自动出现在这里。',
  earlier: '更早的通知',
  isNew: '未读',
  today: '今天',
}
