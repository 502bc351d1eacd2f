import type { health as en } from '../en/health.ts'
import type { Same } from '../same.ts'

export const health: Same<typeof en> = {
  title: '运行状况',
}
