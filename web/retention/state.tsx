import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const colours = { draft: 'yellow', running: 'teal', paused: 'orange', stopped: 'gray', released: 'teal', retired: 'gray' } as const

export function RetentionState({ of }: { of: keyof typeof colours }) {
  const { t } = useTranslation('retention')
  return <Badge color={colours[of]}>{t(`state.${of}`)}</Badge>
}
