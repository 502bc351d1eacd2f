import { Badge, Group, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { IconArrowRight, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../parts/query-state.tsx'
import classes from './audit.module.css'
import { type Change, compared, type Group as Differing, type Sign } from './compared.ts'
import { atQuery, type StateAt } from './queries.ts'
import { Lines, Said } from './words/said.tsx'
import { isValues, type Said as Value, type Say, type Speakers, useSay } from './words/use-say.ts'

/** Two instants side by side: only what is not the same. */
export function Changes({ order, from, to, speakers }: { order: string; from: number; to: number; speakers: Speakers }) {
  const { t } = useTranslation('audit')
  const before = useQuery(atQuery(order, from))
  const after = useQuery(atQuery(order, to))
  return (
    <Paper withBorder p="sm" component="section" aria-label={t('changed', { from, to })}>
      <Title order={2} mb="xs">
        {t('changed', { from, to })}
      </Title>
      <Loaded of={before}>
        {(one) => <Loaded of={after}>{(other) => <Between before={one} after={other} speakers={speakers} />}</Loaded>}
      </Loaded>
    </Paper>
  )
}

function Between({ before, after, speakers }: { before: StateAt; after: StateAt; speakers: Speakers }) {
  const { t } = useTranslation('audit')
  const say = useSay(speakers, { ...before.names, ...after.names })
  const groups = compared(before.state, after.state)
  if (groups.length === 0) return <Text size="sm">{t('same')}</Text>
  return (
    <Stack gap="md">
      {groups.map((group) => (
        <OneGroup key={`${group.area} ${group.id ?? ''}`} group={group} say={say} title={titleOf(group)} />
      ))}
    </Stack>
  )

  function titleOf({ area, id = '' }: Differing): string {
    if (area === 'tasks') return t('of.task', { title: say.task(id) })
    if (area === 'clocks') return t('of.clock', { title: say.clock(id) })
    if (area === 'children') {
      const child = after.state.children[id] ?? before.state.children[id]
      return t('of.child', { title: say.child(id, child?.process ?? '') })
    }
    return t(`of.${area}`)
  }
}

function OneGroup({ group: { area, id = '', whole, changes }, say, title }: { group: Differing; say: Say; title: string }) {
  return (
    <section>
      <Group gap="xs" mb={4} wrap="nowrap" align="start">
        <Title order={3}>{title}</Title>
        {whole && <SignOf sign={whole.sign} />}
      </Group>
      {whole ? (
        <div className={classes.whole}>
          <Lines of={linesOf(whole, say)} />
        </div>
      ) : (
        <ul className={classes.changes}>
          {changes.map((change) => (
            <OneChange key={`${change.name} ${change.party ?? ''}`} change={change} {...wordsOf(change)} />
          ))}
        </ul>
      )}
    </section>
  )

  function wordsOf({ name, party, before, after }: Change): { label: string; before: Value; after: Value } {
    if (area === 'facts') return { label: say.fact(name), before: say.factValue(name, before), after: say.factValue(name, after) }
    if (area === 'doers' || area === 'refusals' || area === 'notAgain')
      return {
        label: say.step(name),
        before: say.value(area === 'refusals' ? 'times' : 'person', before),
        after: say.value(area === 'refusals' ? 'times' : 'person', after),
      }
    if (party === undefined)
      return { label: say.label(name), before: say.value(name, before, { id }), after: say.value(name, after, { id }) }
    // One signature among those of a task.
    const lines = (value: unknown): Value => (isValues(value) ? say.lines({ ...value, task: undefined }) : '')
    const [signed] = say.value('parties', { [party]: {} }, { id })
    return { label: typeof signed === 'string' ? party : (signed?.label ?? party), before: lines(before), after: lines(after) }
  }
}

/** Said in the title already. */
const inTitle = new Set(['id', 'step', 'n', 'key', 'clock', 'task', 'process'])

function linesOf({ before, after }: Change, say: Say) {
  const value = after ?? before
  return isValues(value) ? say.lines(value).filter(({ key }) => !inTitle.has(key)) : []
}

function OneChange({ change: { sign }, label, before, after }: { change: Change; label: string; before: Value; after: Value }) {
  const { t } = useTranslation('audit')
  return (
    <li>
      <Group gap={6} wrap="nowrap" align="start">
        <SignOf sign={sign} />
        <Text size="sm" c="dimmed">
          {label}
        </Text>
      </Group>
      <div className={classes.sides}>
        {sign !== 'added' && (
          <del>
            <VisuallyHidden>{t('before')} </VisuallyHidden>
            <Said of={before} />
          </del>
        )}
        {sign === 'changed' && <IconArrowRight size={14} aria-hidden className={classes.arrow} />}
        {sign !== 'removed' && (
          <ins>
            <VisuallyHidden>{t('after')} </VisuallyHidden>
            <Said of={after} />
          </ins>
        )}
      </div>
    </li>
  )
}

const signs = {
  added: { icon: IconPlus, colour: 'teal' },
  removed: { icon: IconMinus, colour: 'red' },
  changed: { icon: IconPencil, colour: 'blue' },
} as const

/** By sign, word and colour. */
function SignOf({ sign }: { sign: Sign }) {
  const { t } = useTranslation('audit')
  const { icon: Icon, colour } = signs[sign]
  return (
    <Badge color={colour} variant="light" leftSection={<Icon size={11} aria-hidden />} style={{ flex: 'none' }}>
      {t(`sign.${sign}`)}
    </Badge>
  )
}
