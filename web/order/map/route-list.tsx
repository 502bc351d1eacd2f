import { Badge, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Order, ProcessDetail } from '../../http/types.ts'
import { useTitles } from '../../texts/use-lang.ts'
import { StepDetail } from './step-detail.tsx'
import { edgeKey, endId, type Route } from './route.ts'

/** The map in words: every step, whether it was done, and where its outcomes lead. */
export function RouteList({ order, process, route }: { order: Order; process: ProcessDetail; route: Route }) {
  const { t } = useTranslation('order')
  const { say } = useTitles()
  return (
    <Stack component="ol" gap="sm" m={0} pl="lg">
      {process.graph.steps.map(({ id, outcomes }) => {
        const so = route.steps.get(id)
        const isOpen = (so?.open.length ?? 0) > 0
        return (
          <li key={id}>
            <Text span fw={isOpen ? 600 : undefined}>
              {say(process.steps[id]?.title)}
            </Text>{' '}
            {isOpen && <Badge color="jade">{t('map.now')}</Badge>}{' '}
            {so && so.done > 1 && <Badge color="gray">{t('map.times', { count: so.done })}</Badge>}
            {so?.done === 1 && <Badge color="gray">{t('map.once')}</Badge>}
            {!so && (
              <Text span size="xs" c="dimmed">
                {t('map.ahead')}
              </Text>
            )}
            <ul className="plain-list">
              {outcomes.map(({ outcome, next, end }) => {
                const times = route.taken.get(edgeKey(id, outcome, end ? endId(next) : next)) ?? 0
                const to = say((end ? process.ends[next] : process.steps[next])?.title) || next
                return (
                  <Text component="li" size="sm" key={`${outcome} ${next}`} c={times > 0 ? undefined : 'dimmed'}>
                    {t('map.leads', { outcome: say(process.steps[id]?.outcomes[outcome]?.title) || outcome, next: to })}
                    {times > 0 && ` (${t('map.taken', { count: times })})`}
                  </Text>
                )
              })}
            </ul>
            {isOpen && <StepDetail step={id} order={order} process={process} />}
          </li>
        )
      })}
    </Stack>
  )
}
