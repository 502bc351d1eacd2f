import type { notifications as en } from '../en/notifications.ts'
import type { Same } from '../same.ts'

export const notifications: Same<typeof en> = {
  title: '通知',
  bell: '通知:{{count}} 条未读',
  unread: '未读',
  readAll: '全部标为已读',
  empty: '没有通知',
}
