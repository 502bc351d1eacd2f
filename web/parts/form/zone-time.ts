/** Date pickers speak of wall time as `YYYY-MM-DD HH:mm:ss`; orders of instants. The wall is that of the desk. */
import { ZONE } from '../time.ts'

const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** Epoch ms as wall time. */
export const toZone = (at: number): string => format.format(new Date(at))

/** Wall time as epoch ms. */
export function fromZone(wall: string): number {
  const asUtc = Date.parse(`${wall.replace(' ', 'T')}Z`)
  const offset = Date.parse(`${toZone(asUtc).replace(' ', 'T')}Z`) - asUtc
  return asUtc - offset
}
