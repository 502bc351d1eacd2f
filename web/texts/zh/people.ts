import type { people as en } from '../en/people.ts'
import type { Same } from '../same.ts'

export const people: Same<typeof en> = {
  title: '人员',
}
