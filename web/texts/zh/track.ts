import type { track as en } from '../en/track.ts'
import type { Same } from '../same.ts'

export const track: Same<typeof en> = {
  title: '工单进度',
}
