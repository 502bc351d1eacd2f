import { Code } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Any value as text; longer ones as they are written. */
export function Value({ of }: { of: unknown }) {
  const { t } = useTranslation('audit')
  if (of === undefined || of === null) return <em>{t('absent')}</em>
  if (typeof of === 'object') return <Code style={{ wordBreak: 'break-word' }}>{JSON.stringify(of)}</Code>
  return <span style={{ wordBreak: 'break-word', whiteSpace: 'pre-wrap' }}>{String(of)}</span>
}
