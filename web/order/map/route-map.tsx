import { Group, SegmentedControl, Text } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Order, ProcessDetail } from '../../http/types.ts'
import { Waiting } from '../../parts/query-state.tsx'
import { Section } from '../section.tsx'
import { Legend } from './legend.tsx'
import { routeOf } from './route.ts'
import { RouteList } from './route-list.tsx'
import { StepDetail } from './step-detail.tsx'

const ProcessMap = lazy(() => import('./process-map.tsx'))

/** The way of an order through its process: as a map, and as a list that tells the same in words. */
export function RouteMap({ order, process }: { order: Order; process: ProcessDetail }) {
  const { t } = useTranslation('order')
  const [as, setAs] = useState<'map' | 'list'>('map')
  const [chosen, setChosen] = useState<string>()
  const route = useMemo(() => routeOf(process.graph, order), [process.graph, order])
  return (
    <Section
      title={t('map.title')}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t('map.title')}
          value={as}
          onChange={(value) => setAs(value === 'list' ? 'list' : 'map')}
          data={[
            { value: 'map', label: t('map.asMap') },
            { value: 'list', label: t('map.asList') },
          ]}
        />
      }
    >
      {as === 'list' ? (
        <RouteList order={order} process={process} route={route} />
      ) : (
        <>
          <Suspense fallback={<Waiting rows={8} />}>
            <ProcessMap
              order={order}
              process={process}
              route={route}
              chosen={chosen}
              onChoose={(step) => setChosen(step === chosen ? undefined : step)}
            />
          </Suspense>
          <Group justify="space-between" mt={6} gap="xs">
            <Legend />
            <Text size="xs" c="dimmed" visibleFrom="sm">
              {t('map.hint')}
            </Text>
          </Group>
          {chosen && <StepDetail key={chosen} step={chosen} order={order} process={process} />}
        </>
      )}
    </Section>
  )
}
