import type { admin as en } from '../en/admin.ts'
import type { Same } from '../same.ts'

export const admin: Same<typeof en> = {
  title: '系统管理',
}
