import { Tooltip } from '@mantine/core'
import { useLang } from '../texts/use-lang.ts'
import { useNow } from './now.ts'
import { clockTime, relative, ZONE } from './time.ts'

const TICK_MS = 10_000

/** How long ago; the exact instant on a look. */
export function When({ at, absolute = false }: { at: string | number | null | undefined; absolute?: boolean }) {
  const lang = useLang()
  const ticked = useNow(TICK_MS)
  if (at == null) return null
  // What has happened since the last tick is not to come.
  const ahead = new Date(at).getTime() - ticked
  const now = ahead > 0 && ahead <= TICK_MS ? ticked + ahead : ticked
  const exact = clockTime(at, lang, true)
  return (
    <Tooltip label={`${absolute ? relative(at, now, lang) : exact} (${ZONE})`}>
      <time dateTime={new Date(at).toISOString()} style={{ whiteSpace: 'nowrap' }}>
        {absolute ? clockTime(at, lang) : relative(at, now, lang)}
      </time>
    </Tooltip>
  )
}
