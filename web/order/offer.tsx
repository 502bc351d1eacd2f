import { Badge, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Explanation, Verdict } from '../../domain/order/offer.ts'
import { Loaded } from '../parts/query-state.tsx'
import { When } from '../parts/when.tsx'
import { useJoin, useTitles } from '../texts/use-lang.ts'
import { offersQuery } from './queries.ts'
import { useRoleTitles } from './words.ts'

/** Why the machine asked this person, and not the others. */
export function Offer({ order, task, title, close }: { order: string; task: string; title: string; close: () => void }) {
  const { t } = useTranslation(['order', 'common'])
  const { pair } = useJoin()
  const { name } = useTitles()
  const role = useRoleTitles()
  const offers = useQuery(offersQuery(order, task))
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={pair(t('give.offer.title'), title)}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Loaded of={offers}>
        {({ items, names }) => (
          <Stack>
            {items.length === 0 && <Text size="sm">{t('give.offer.none')}</Text>}
            {items.map(({ seq, chosen, at, explanation }) => {
              const { by, candidates = [], more, rule, mode } = explanation as Explanation
              return (
                <div key={seq}>
                  <Group justify="space-between" gap="xs">
                    <Text size="sm" fw={600}>
                      {chosen ? pair(t(`give.offer.by.${by}`), name(names, chosen)) : t(`give.offer.by.${by}`)}
                    </Text>
                    <Text size="xs" c="dimmed">
                      <When at={at} absolute />
                    </Text>
                  </Group>
                  {(mode ?? rule) && (
                    <Text size="xs" c="dimmed">
                      {[mode && t(`give.mode.${mode}`), rule].filter(Boolean).join(' · ')}
                    </Text>
                  )}
                  <Stack gap={4} mt={6}>
                    {candidates.map((one) => (
                      <Group key={`${one.person} ${one.role}`} justify="space-between" gap="xs" wrap="nowrap" align="start">
                        <Text size="sm" fw={one.person === chosen ? 600 : undefined}>
                          {name(names, one.person)}
                          <Text span size="xs" c="dimmed" ml={6}>
                            {role(one.role)}
                          </Text>
                        </Text>
                        <Verdicts of={one} />
                      </Group>
                    ))}
                    {more !== undefined && more > 0 && <Text size="xs">{t('give.offer.more', { count: more })}</Text>}
                  </Stack>
                </div>
              )
            })}
          </Stack>
        )}
      </Loaded>
    </Modal>
  )
}

const parts = ['own', 'near', 'skill', 'shift', 'load'] as const

function Verdicts({ of }: { of: Verdict }) {
  const { t } = useTranslation('order')
  if (of.not) return <Badge color="gray">{t(`give.not.${of.not}`)}</Badge>
  return (
    <Text size="xs" ta="end">
      {parts
        .filter((part) => of[part])
        .map((part) => `${t(`give.parts.${part}`)} ${of[part]! > 0 ? '+' : ''}${of[part]}`)
        .join(' · ')}
      {of.score !== undefined && ` = ${of.score}`}
    </Text>
  )
}
