import { Tooltip } from '@mantine/core'
import { useLang } from '../texts/use-lang.ts'
import { useNow } from './now.ts'
import { clockTime, relative, ZONE } from './time.ts'

/** How long ago; the exact instant on a look. */
export function When({ at, absolute = false }: { at: string | number | null | undefined; absolute?: boolean }) {
  const lang = useLang()
  const now = useNow(10_000)
  if (at == null) return null
  const exact = clockTime(at, lang, true)
  return (
    <Tooltip label={`${absolute ? relative(at, now, lang) : exact} (${ZONE})`}>
      <time dateTime={new Date(at).toISOString()} style={{ whiteSpace: 'nowrap' }}>
        {absolute ? clockTime(at, lang) : relative(at, now, lang)}
      </time>
    </Tooltip>
  )
}
