import { Badge, Button, Group, Progress, Stack, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Clock, Order, ProcessDetail } from '../../http/types.ts'
import { Due } from '../../parts/due.tsx'
import { useNow } from '../../parts/now.ts'
import { clockTime } from '../../parts/time.ts'
import { useLang } from '../../texts/use-lang.ts'
import { Section } from '../section.tsx'
import { useWords } from '../words.ts'
import { ClockLedger } from './clock-ledger.tsx'
import { PromiseLines } from './promise-lines.tsx'

/** Every limit, the nearest first, with why it is due when it is. */
export function Clocks({ order, process }: { order: Order; process: ProcessDetail }) {
  const { t } = useTranslation('order')
  const [ended, { toggle }] = useDisclosure()
  const running = order.clocks.filter(({ stoppedAt }) => stoppedAt === null).sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))
  const stopped = order.clocks.filter(({ stoppedAt }) => stoppedAt !== null)
  return (
    <Section title={t('clocks.title')}>
      <Stack gap="md">
        {running.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('clocks.none')}
          </Text>
        )}
        {running.map((clock) => (
          <OneClock key={clock.clock} clock={clock} order={order} process={process} />
        ))}
        {stopped.length > 0 && (
          <div>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={toggle} aria-expanded={ended}>
              {t('clocks.finished', { count: stopped.length })}
            </Button>
            {ended && (
              <Stack gap="sm" mt="xs">
                {stopped.map((clock) => (
                  <OneClock key={clock.clock} clock={clock} order={order} process={process} />
                ))}
              </Stack>
            )}
          </div>
        )}
      </Stack>
    </Section>
  )
}

/** As the first rung of the ladder has it. */
const AT_RISK = 80

function OneClock({ clock, order, process }: { clock: Clock; order: Order; process: ProcessDetail }) {
  const { t } = useTranslation('order')
  const lang = useLang()
  const words = useWords(process)
  const [open, { toggle }] = useDisclosure()
  const now = useNow(10_000)
  const [from, due] = [Date.parse(clock.startedAt), Date.parse(clock.dueAt)]
  const share = Math.min(100, Math.max(0, ((now - from) / Math.max(1, due - from)) * 100))
  const stopped = clock.stoppedAt !== null
  const late = stopped ? Date.parse(clock.stoppedAt!) > due : clock.overdue
  const label = words.clock(clock.clock)
  return (
    <div>
      <Group justify="space-between" gap={4} wrap="nowrap" align="start">
        <Text size="sm" fw={500}>
          {label}
        </Text>
        {stopped ? (
          <Badge color={late ? 'red' : 'gray'}>{late ? t('clocks.stoppedLate') : t('clocks.stopped')}</Badge>
        ) : (
          <span style={{ flex: 'none' }}>
            <Due at={clock.dueAt} since={clock.startedAt} paused={clock.pausedAt !== null} />
          </span>
        )}
      </Group>
      {!stopped && (
        <Progress value={share} size="xs" my={4} color={late ? 'red' : share >= AT_RISK ? 'orange' : 'jade'} aria-label={label} />
      )}
      <Group gap={6}>
        <Button size="compact-xs" variant="subtle" px={4} onClick={toggle} aria-expanded={open}>
          {t('clocks.why', { time: clockTime(clock.dueAt, lang) })}
        </Button>
        {clock.provisional && (
          <Tooltip label={t('clocks.provisionalWhy')} multiline maw={280}>
            <Badge color="yellow" tabIndex={0}>
              {t('clocks.provisional')}
            </Badge>
          </Tooltip>
        )}
      </Group>
      {open && (clock.clock === 'promise' ? <PromiseLines order={order} clock={clock} /> : <ClockLedger clock={clock} order={order} />)}
    </div>
  )
}
