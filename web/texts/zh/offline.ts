import type { offline as en } from '../en/offline.ts'
import type { Same } from '../same.ts'

export const offline: Same<typeof en> = {
  title: '等待网络：{{count}} 项',
  waiting: '待发送',
  done: '已接受',
  refused: '被拒绝',
  seen: '知道了',
  queued: '没有网络：已保存在本机，恢复后自动发送。',
}
