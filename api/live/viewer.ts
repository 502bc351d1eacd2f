/** One open stream: what of a change its person may see, as the frames of server-sent events. */
import type { Response } from 'express'
import { type AppAbility, abilityFor, maySee, selves } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Concerned, LiveChange } from '../queries/live.ts'

/** A frame without its id, which only the last of a change has. */
export const frame = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n`

/** A change with its frames, each written once for all who see it. */
export interface Written {
  id: string
  concerned: Concerned
  left: ReadonlySet<string>
  order: string
  gone: string
  rungs: readonly { region: string; holder: string | null; unit: string | null; text: string }[]
  told: ReadonlyMap<string, string>
}

export function write(id: string, change: LiveChange, left: readonly string[]): Written {
  const told = new Map<string, string>()
  for (const { staff, notification } of change.told)
    told.set(staff, (told.has(staff) ? `${told.get(staff)}\n` : '') + frame('notification', notification))
  return {
    id,
    concerned: change.concerned,
    left: new Set(left),
    order: frame('order', change.order),
    gone: frame('gone', { id: change.order.id, version: change.order.version }),
    rungs: change.rungs.map((rung) => ({ region: rung.region, holder: rung.holder, unit: rung.unit, text: frame('rung', rung) })),
    told,
  }
}

/** A viewer that does not read falls behind so far, in bytes; then it is cut off, and comes back with what it missed. */
const MOST_UNREAD = 4_000_000

export class Viewer {
  principal: Principal
  readonly session: string
  /** When something was last written, epoch ms. */
  wrote = 0
  private readonly res: Response
  private ability: AppAbility
  private selves: ReadonlySet<string>
  private units: ReadonlySet<string>

  constructor(res: Response, principal: Principal, session: string) {
    this.res = res
    this.principal = principal
    this.session = session
    this.ability = abilityFor(principal)
    this.selves = new Set(selves(principal))
    this.units = new Set(principal.units)
  }

  /** The person's roles, units and colleagues as they are now. Answers whether anything is in sight that was not, or the other way round. */
  become(principal: Principal): boolean {
    if (JSON.stringify(principal) === JSON.stringify(this.principal)) return false
    this.principal = principal
    this.ability = abilityFor(principal)
    this.selves = new Set(selves(principal))
    this.units = new Set(principal.units)
    return true
  }

  /** Writes what of the change is in sight. */
  show(change: Written, now: number): void {
    const frames: string[] = []
    if (this.sees(change.concerned)) frames.push(change.order)
    else if (this.sawOnce(change.left)) frames.push(change.gone)
    for (const { text, ...rung } of change.rungs) if (this.seesRung(rung)) frames.push(text)
    const told = change.told.get(this.principal.id)
    if (told) frames.push(told)
    if (frames.length > 0) this.send(frames.join('\n'), change.id, now)
  }

  /** Writes frames; the id is where one who has read them stands. */
  send(frames: string, id: string, now: number): void {
    if (this.res.writableEnded || this.res.destroyed) return
    if (this.res.writableLength > MOST_UNREAD) {
      this.res.destroy()
      return
    }
    this.res.write(`${frames}id: ${id}\n\n`)
    this.wrote = now
  }

  end(reason: string): void {
    if (!this.res.writableEnded) this.res.end(`${frame('end', { reason })}\n`)
  }

  private sees({ region, people, units, doers }: Concerned): boolean {
    const involved = doers.includes(this.principal.id) || people.some((id) => this.selves.has(id)) || units.some((id) => this.units.has(id))
    return maySee(this.ability, { regionPath: region, involved })
  }

  private sawOnce(left: ReadonlySet<string>): boolean {
    if (left.size === 0) return false
    return [...this.selves, ...this.units].some((id) => left.has(id))
  }

  /** As `visibleRungs` in auth/ability.ts. */
  private seesRung({ region, holder, unit }: { region: string; holder: string | null; unit: string | null }): boolean {
    if (!this.ability.can('read', 'Rung')) return false
    if ((holder !== null && this.selves.has(holder)) || (unit !== null && this.units.has(unit))) return true
    const { external, region: own } = this.principal
    return !external && (region === own.path || region.startsWith(`${own.path}/`))
  }
}
