import type { board as en } from '../en/board.ts'
import type { Same } from '../same.ts'

export const board: Same<typeof en> = {
  title: '派单台',
}
