import { useTranslation } from 'react-i18next'

const bars = {
  duties: 1,
  'not-again': 1,
  'other-party': 1,
  inactive: 1,
  'out-of-region': 1,
  'other-vendor': 1,
  'at-capacity': 1,
  absent: 1,
  'delegate-circle': 1,
  'delegate-absent': 1,
  'delegate-barred': 1,
}

/** Why the machine would not ask somebody, in words; a reason that is not known as it is. */
export function useBar(): (not: string) => string {
  const { t } = useTranslation('order')
  return (not) => (not in bars ? t(`give.not.${not as keyof typeof bars}`) : not)
}
