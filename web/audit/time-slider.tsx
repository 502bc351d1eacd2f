import { ActionIcon, Button, Group, NumberInput, Paper, Slider, Text } from '@mantine/core'
import { DateTimePicker } from '../parts/dates.tsx'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../http/client.ts'
import { fromZone } from '../parts/form/zone-time.ts'
import { tellProblem } from '../parts/tell.ts'
import { clockTime } from '../parts/time.ts'
import { useLang } from '../texts/use-lang.ts'
import { atQuery, type StateAt } from './queries.ts'

interface Props {
  order: string
  seq: number
  last: number
  against: number | undefined
  go: (seq: number) => void
  compare: (seq: number | undefined) => void
}

/** Through time, event by event or to an instant; and a second instant to compare with. */
export function TimeSlider({ order, seq, last, against, go, compare }: Props) {
  const { t } = useTranslation('audit')
  const lang = useLang()
  const [held, setHeld] = useState(seq)
  useEffect(() => {
    setHeld(seq)
  }, [seq])
  const at = useQuery(atQuery(order, seq))
  const jump = async (wall: string) => {
    try {
      const found = await get<StateAt>(`/orders/${order}/at`, { time: new Date(fromZone(wall)).toISOString() })
      go(found.seq)
    } catch (error) {
      tellProblem(error)
    }
  }
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" mb={6}>
        <Text fw={600} aria-live="polite">
          {t('slider', { seq: held, last })}
          {at.data && held === seq && (
            <Text span c="dimmed" size="sm" ms="sm">
              {clockTime(at.data.at, lang, true)}
            </Text>
          )}
        </Text>
        <Group gap={4}>
          <Button size="compact-sm" variant="default" onClick={() => go(1)} disabled={seq === 1}>
            {t('first')}
          </Button>
          <ActionIcon variant="default" size={26} onClick={() => go(seq - 1)} disabled={seq === 1} aria-label={t('previous')}>
            <IconChevronLeft size={15} />
          </ActionIcon>
          <ActionIcon variant="default" size={26} onClick={() => go(seq + 1)} disabled={seq === last} aria-label={t('next')}>
            <IconChevronRight size={15} />
          </ActionIcon>
          <Button size="compact-sm" variant="default" onClick={() => go(last)} disabled={seq === last}>
            {t('last')}
          </Button>
        </Group>
      </Group>
      <Slider
        min={1}
        max={Math.max(2, last)}
        value={held}
        onChange={setHeld}
        onChangeEnd={go}
        label={null}
        thumbLabel={t('slider', { seq: held, last })}
      />
      <Group mt="sm" gap="sm" align="end">
        <DateTimePicker
          size="xs"
          w={190}
          label={t('jump')}
          valueFormat="YYYY-MM-DD HH:mm"
          placeholder="YYYY-MM-DD HH:mm"
          onChange={(wall) => wall && void jump(wall)}
        />
        <NumberInput
          size="xs"
          w={140}
          label={t('compare')}
          placeholder={t('compareOff')}
          min={1}
          max={last}
          value={against ?? ''}
          onChange={(value) => compare(value === '' ? undefined : Number(value))}
        />
      </Group>
    </Paper>
  )
}
