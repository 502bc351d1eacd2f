import { useTranslation } from 'react-i18next'
import type { Event, Names } from '../../http/types.ts'
import { useTitles } from '../../texts/use-lang.ts'

/** Who did something: a person by name, with on whose behalf; else what kind of machine. */
export function useActors(names: Names): (actor: Event['actor']) => string {
  const { t } = useTranslation(['order', 'common'])
  const { name } = useTitles()
  return ({ kind, id, for: absent }) => {
    if (kind === 'person') return `${name(names, id)}${absent ? ` ${t('chronicle.onBehalf', { name: name(names, absent) })}` : ''}`
    if (kind === 'customer') return t('customer')
    // What the process itself does next bears this id instead of an order's.
    if (kind === 'order' && id === 'flow') return t('common:actor.flow')
    return kind === 'clock' || kind === 'order' ? t(`common:actor.${kind}`) : t('common:actor.system')
  }
}
