import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../../http/client.ts'
import { DateTimePicker } from '../../parts/dates.tsx'
import { fromZone } from '../../parts/form/zone-time.ts'
import { tell, tellProblem } from '../../parts/tell.ts'
import { clockTime } from '../../parts/time.ts'
import { useLang } from '../../texts/use-lang.ts'
import { type Person, refresh } from './queries.ts'

interface Stretch {
  id: string
  from: string
  to: string
}

interface Props<T extends Stretch> {
  person: Person
  path: 'absences' | 'delegations'
  items: readonly T[]
  what: (item: T) => string
  empty: string
}

/** Stretches of time, present and to come; each can be ended. */
export function StretchList<T extends Stretch>({ person, path, items, what, empty }: Props<T>) {
  const { t } = useTranslation('organisation')
  const lang = useLang()
  const client = useQueryClient()
  const end = useMutation({
    mutationFn: (id: string) => request('DELETE', `/people/${person.id}/${path}/${id}`),
    onSuccess: () => tell(t('ended')),
    onError: tellProblem,
    onSettled: () => refresh(client),
  })
  if (items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {empty}
      </Text>
    )
  return (
    <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {items.map((item) => (
        <Group key={item.id} component="li" justify="space-between" wrap="nowrap" gap="xs">
          <div style={{ minWidth: 0 }}>
            <Text size="sm">{what(item)}</Text>
            <Text size="xs" c="dimmed">
              {clockTime(item.from, lang)} – {clockTime(item.to, lang)}
            </Text>
          </div>
          <Button
            size="compact-xs"
            variant="default"
            loading={end.isPending && end.variables === item.id}
            onClick={() => end.mutate(item.id)}
            aria-label={t('endOf', { what: what(item) })}
          >
            {t('end')}
          </Button>
        </Group>
      ))}
    </Stack>
  )
}

interface Span {
  from: string | null
  to: string | null
}

/** When it begins and ends, as wall time of the desk. */
export function useSpan(): {
  span: Span
  set: (part: Partial<Span>) => void
  clear: () => void
  instants: () => [string, string] | undefined
} {
  const none = { from: null, to: null }
  const [span, setSpan] = useState<Span>(none)
  const iso = (wall: string) => new Date(fromZone(wall)).toISOString()
  return {
    span,
    set: (part) => setSpan({ ...span, ...part }),
    clear: () => setSpan(none),
    instants: () => (span.from && span.to ? [iso(span.from), iso(span.to)] : undefined),
  }
}

interface SpanProps extends Pick<ReturnType<typeof useSpan>, 'span' | 'set'> {
  errors: Readonly<Record<string, string>>
  /** How the API calls the end. */
  end: 'to' | 'until'
}

export function SpanFields({ span, set, errors, end }: SpanProps): ReactNode {
  const { t } = useTranslation('organisation')
  return (
    <Group grow align="start" gap="xs" preventGrowOverflow={false}>
      <DateTimePicker
        label={t('from')}
        required
        valueFormat="YYYY-MM-DD HH:mm"
        value={span.from}
        error={errors.from}
        onChange={(from) => set({ from })}
        miw={170}
      />
      <DateTimePicker
        label={t('until')}
        required
        valueFormat="YYYY-MM-DD HH:mm"
        value={span.to}
        error={errors[end]}
        onChange={(to) => set({ to })}
        miw={170}
      />
    </Group>
  )
}
