import './map.css'
import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const boxes = ['done', 'open', 'late'] as const

/** What the boxes and lines of the map mean. */
export function Legend() {
  const { t } = useTranslation('order')
  return (
    <Group gap="sm">
      {boxes.map((state) => (
        <Group gap={4} key={state}>
          <svg width={22} height={14} aria-hidden>
            <g className="map-box" data-state={state}>
              <rect className="map-face" x={1.5} y={1.5} width={19} height={11} rx={2} />
            </g>
          </svg>
          <Text size="xs">{t(`map.legend.${state}`)}</Text>
        </Group>
      ))}
      <Group gap={4}>
        <svg width={24} height={16} aria-hidden>
          <g className="map-box">
            <rect x={4} y={4} width={18} height={10} rx={2} />
            <rect className="map-face" x={1} y={1} width={18} height={10} rx={2} />
          </g>
        </svg>
        <Text size="xs">{t('map.legend.child')}</Text>
      </Group>
      {(['taken', 'back'] as const).map((kind) => (
        <Group gap={4} key={kind}>
          <svg width={26} height={8} aria-hidden>
            <g className="map-line" data-taken={kind === 'taken' || undefined} data-back={kind === 'back' || undefined}>
              <path d="M0 4H26" />
            </g>
          </svg>
          <Text size="xs">{t(`map.legend.${kind}`)}</Text>
        </Group>
      ))}
    </Group>
  )
}
