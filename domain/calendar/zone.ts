import { Temporal } from 'temporal-polyfill'
import { BadWording } from './bad-wording.ts'

/** A stretch of time in which a zone keeps one offset: [from, until) in epoch ms, offset in ms east of UTC. */
interface Span {
  from: number
  until: number
  offset: number
}

export interface Zone {
  readonly id: string
  /** Offset in ms east of UTC at an instant. */
  offsetAt(ms: number): number
  /**
   * Instant of a wall-clock time, given as ms since 1970-01-01T00:00 of the wall clock.
   * A time that occurs twice (autumn) means its first occurrence; one that is skipped (spring) means the instant of the jump.
   * So later wall-clock times never map to earlier instants, and shifts that do not overlap on paper do not overlap in fact.
   */
  instantOf(wallMs: number): number
}

/** No zone is further than this from UTC. */
const FURTHEST_OFFSET_MS = 86_400_000

/**
 * Opens a time zone (IANA name or fixed offset). The zone library is asked once per change of offset, everything else is arithmetic:
 * for Asia/Shanghai that is one question for all time after 1991.
 * @throws BadWording when the zone is unknown
 */
export function openZone(id: string): Zone {
  let last: Span
  try {
    last = querySpan(id, 0)
  } catch {
    throw new BadWording(
      `没有时区“${id}”：请用 IANA 名称，例如 Asia/Shanghai`,
      `Unknown time zone '${id}': use an IANA name such as 'Asia/Shanghai'`,
    )
  }
  const spans = [last]
  const spanAt = (ms: number): Span => {
    if (ms >= last.from && ms < last.until) return last
    let span = spans.find((s) => ms >= s.from && ms < s.until)
    if (!span) {
      span = querySpan(id, ms)
      spans.push(span)
    }
    last = span
    return span
  }
  return {
    id,
    offsetAt: (ms) => spanAt(ms).offset,
    instantOf(wallMs) {
      let span = spanAt(wallMs - FURTHEST_OFFSET_MS)
      for (;;) {
        const ms = wallMs - span.offset
        if (ms < span.from) return span.from
        if (ms < span.until) return ms
        span = spanAt(span.until)
      }
    },
  }
}

function querySpan(id: string, ms: number): Span {
  const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(id)
  // 'previous' is strictly before: ask one ms later, so that a span found from its first instant begins there
  const previous = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  const next = at.getTimeZoneTransition('next')
  return {
    from: previous?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    until: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offset: at.offsetNanoseconds / 1e6,
  }
}
