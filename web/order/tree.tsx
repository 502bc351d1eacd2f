import { ActionIcon, Anchor, Group, Stack, Text } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Names } from '../http/types.ts'
import { Due } from '../parts/due.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { Status } from '../parts/status.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { InPlace } from './in-place.tsx'
import { type TreeNode, treeQuery } from './queries.ts'
import { Section } from './section.tsx'
import { useProcessTitles } from './words.ts'

/** Orders that hang together, as they hang; each opens in place. */
export function TreeOf({ id }: { id: string }) {
  const { t } = useTranslation('order')
  const tree = useQuery(treeQuery(id))
  return (
    <Section title={t('tree.title')}>
      <Loaded of={tree} rows={2}>
        {({ nodes, truncated, names }) =>
          nodes.length <= 1 ? (
            <Text size="sm" c="dimmed">
              {t('tree.alone')}
            </Text>
          ) : (
            <>
              <Level nodes={nodes} parent={null} here={id} names={names} />
              {truncated && <Text size="xs">{t('tree.truncated')}</Text>}
            </>
          )
        }
      </Loaded>
    </Section>
  )
}

interface LevelProps {
  nodes: readonly TreeNode[]
  parent: string | null
  here: string
  names: Names
}

function Level({ nodes, parent, here, names }: LevelProps) {
  const list = nodes.filter((node) => node.parent === parent)
  if (list.length === 0) return null
  return (
    <Stack component="ul" gap={6} m={0} pl={parent === null ? 0 : 14} style={{ listStyle: 'none' }}>
      {list.map((node) => (
        <li key={node.id}>
          <Node node={node} here={here} names={names} />
          <Level nodes={nodes} parent={node.id} here={here} names={names} />
        </li>
      ))}
    </Stack>
  )
}

function Node({ node, here, names }: { node: TreeNode; here: string; names: Names }) {
  const { t } = useTranslation('order')
  const { say, name } = useTitles()
  const title = useProcessTitles()
  const [open, setOpen] = useState(false)
  const no = node.no ?? node.id
  const own = node.id === here
  return (
    <>
      <Group gap={4} wrap="nowrap" align="start">
        {own ? (
          <span style={{ width: 22, flex: 'none' }} />
        ) : (
          <ActionIcon
            size={22}
            variant="subtle"
            color="gray"
            aria-expanded={open}
            aria-label={open ? t('tree.collapse', { no }) : t('tree.expand', { no })}
            onClick={() => setOpen(!open)}
          >
            {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          </ActionIcon>
        )}
        <div style={{ minWidth: 0, flex: 1 }}>
          <Group gap={6} justify="space-between">
            <Text size="sm" fw={own ? 600 : undefined}>
              {title(node.process)}
            </Text>
            <Status of={node.status} />
          </Group>
          <Text size="xs" c="dimmed">
            {own ? (
              `${no} · ${t('tree.here')}`
            ) : (
              <Anchor component={Link} to={`/orders/${node.id}`} size="xs">
                {no}
              </Anchor>
            )}
            {node.relation && ` · ${t(`tree.relation.${node.relation}`)}`}
          </Text>
          {!own &&
            node.tasks.map((task) => (
              <Group key={task.task} gap={4} mt={2}>
                <Text size="xs">{[say(task.title), name(names, task.person ?? task.unit)].filter(Boolean).join(' · ')}</Text>
                {task.dueAt && <Due at={task.dueAt} />}
              </Group>
            ))}
        </div>
      </Group>
      {open && <InPlace id={node.id} />}
    </>
  )
}
