import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Names, TaskItem } from '../http/types.ts'
import { Due } from '../parts/due.tsx'
import { duration } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useLang, useTitles } from '../texts/use-lang.ts'

const colors = { pause: 'yellow', extension: 'orange', signature: 'indigo' }
const parties = { customer: 1, own: 1, vendor: 1, 'third-party': 1 }

interface Props {
  item: TaskItem
  names: Names
  /** Has the keyboard. */
  here: boolean
  focus: () => void
  approve: () => void
  refuse: () => void
}

export function ApprovalRow({ item, names, here, focus, approve, refuse }: Props) {
  const { t } = useTranslation(['supervise', 'command'])
  const { say, name } = useTitles()
  const lang = useLang()
  const { pauseAsked, extensionAsked } = item
  const kind = pauseAsked ? 'pause' : extensionAsked ? 'extension' : 'signature'
  return (
    <Table.Tr data-attention onFocus={focus} bg={here ? 'var(--mantine-primary-color-light)' : undefined}>
      <Table.Td maw={340}>
        <Badge color={colors[kind]}>{t(`approval.${kind}`)}</Badge>
        {pauseAsked && (
          <Text size="xs" mt={2} style={{ overflowWrap: 'anywhere' }}>
            {t('approval.asks', {
              by: name(names, pauseAsked.by),
              party: pauseAsked.party in parties ? t(`party.${pauseAsked.party as keyof typeof parties}`) : pauseAsked.party,
              reason: pauseAsked.reason,
            })}
            {pauseAsked.until && (
              <>
                {` \u00b7 ${t('approval.until')} `}
                <When at={pauseAsked.until} absolute />
              </>
            )}
          </Text>
        )}
        {kind === 'extension' && extensionAsked && (
          <Text size="xs" mt={2} style={{ overflowWrap: 'anywhere' }}>
            {t('approval.asksMore', {
              by: name(names, extensionAsked.by),
              more: duration(extensionAsked.moreMs, lang),
              clock: say(extensionAsked.title),
              reason: extensionAsked.reason,
            })}
          </Text>
        )}
      </Table.Td>
      <Table.Td miw={150}>
        <Text size="sm" fw={500}>
          {say(item.title)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Link to="/orders/$order" params={{ order: item.order }}>
          {item.orderNo ?? item.order}
        </Link>
        <Text size="xs" c="dimmed" lineClamp={1}>
          {[item.orderTitle, say(item.customer?.name)].filter(Boolean).join(' \u00b7 ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Due whole at={item.dueAt} since={item.acceptedAt ?? item.openedAt} />
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="end">
          <Button size="compact-xs" variant="light" onClick={approve} aria-keyshortcuts="y">
            {kind === 'signature' ? t('command:sign') : t('approval.approve')}
          </Button>
          {kind !== 'signature' && (
            <Button size="compact-xs" variant="default" onClick={refuse} aria-keyshortcuts="n">
              {t('approval.refuse')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
