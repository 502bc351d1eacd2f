import { Badge, Group, Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Choice } from '../../parts/form/picker.tsx'
import { PersonPicker, UnitPicker } from '../../parts/form/pickers.tsx'
import { Loaded } from '../../parts/query-state.tsx'
import { useJoin, useTitles } from '../../texts/use-lang.ts'
import { type Candidates, candidatesQuery } from '../queries.ts'
import { useRoleTitles } from '../words.ts'
import { useBar } from '../bar.ts'
import type { FormProps } from './dialog.tsx'

const OTHER = 'other()'
/** Shown at once; more are found by name. */
const SHOWN = 8

/** To whom a task goes: those who could do it, in the machine's order with its reasons, or anybody else. */
export function TargetForm({ order, option, draft, set, errors }: FormProps) {
  const { t } = useTranslation('order')
  const asked = useQuery(candidatesQuery(order.id, option.task!))
  const [other, setOther] = useState<Choice | null>(null)
  const [unit, setUnit] = useState<Choice | null>(null)
  const [byHand, setByHand] = useState(false)
  const free = asked.data?.items.filter(({ not }) => not === null) ?? []
  const holder = order.tasks.find(({ task }) => task === option.task)?.person
  const first = free.find(({ person }) => person !== holder)
  useEffect(() => {
    if (first && draft.person === undefined && draft.unit === undefined && !byHand) set({ person: first.person, unit: first.unit })
  }, [first])
  return (
    <Loaded of={asked}>
      {({ items, names, mode, rule }) => (
        <Stack gap="xs">
          <Radio.Group
            label={t('give.candidates')}
            description={`${t(`give.mode.${mode}`)}${rule ? ` · ${rule}` : ''}`}
            value={byHand ? OTHER : ((draft.person as string | undefined) ?? '')}
            error={byHand ? undefined : (errors.person ?? errors.unit)}
            onChange={(value) => {
              setByHand(value === OTHER)
              const found = items.find(({ person }) => person === value)
              set({ person: found?.person ?? other?.value, unit: found?.unit ?? unit?.value })
            }}
          >
            <Stack gap={6} mt={6}>
              {items.length === 0 && (
                <Text size="sm" c="dimmed">
                  {t('give.nobody')}
                </Text>
              )}
              {free.slice(0, SHOWN).map((item) => (
                <Radio
                  key={`${item.person} ${item.role}`}
                  value={item.person}
                  data-autofocus={item === first || undefined}
                  styles={{ body: { alignItems: 'flex-start' }, labelWrapper: { flex: 1, minWidth: 0 } }}
                  label={<CandidateLine item={item} names={names} first={item === free[0]} />}
                />
              ))}
              <Radio value={OTHER} label={t('give.someoneElse')} />
            </Stack>
          </Radio.Group>
          {byHand && (
            <Group grow align="start">
              <PersonPicker
                label={t('give.someoneElse')}
                value={other}
                error={errors.person}
                onChange={(choice) => {
                  setOther(choice)
                  set({ person: choice?.value })
                }}
              />
              <UnitPicker
                label={t('give.aUnit')}
                value={unit}
                error={errors.unit}
                onChange={(choice) => {
                  setUnit(choice)
                  set({ unit: choice?.value })
                }}
              />
            </Group>
          )}
          <Barred items={items} names={names} />
        </Stack>
      )}
    </Loaded>
  )
}

type Item = Candidates['items'][number]

const parts = ['own', 'near', 'skill', 'shift', 'load'] as const

export function CandidateLine({ item, names, first }: { item: Item; names: Candidates['names']; first: boolean }) {
  const { t } = useTranslation('order')
  const { name } = useTitles()
  const role = useRoleTitles()
  return (
    <Group justify="space-between" gap="xs" align="start">
      <div style={{ minWidth: 0 }}>
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {name(names, item.person)}
          </Text>
          {item.via && <Badge color="yellow">{t('give.via', { name: name(names, item.via) })}</Badge>}
          {first && <Badge>{t('give.candidatesFirst')}</Badge>}
        </Group>
        <Text size="xs" c="dimmed">
          {[name(names, item.unit), role(item.role)].join(' · ')}
        </Text>
      </div>
      <div style={{ textAlign: 'end' }}>
        <Text size="xs">
          {item.capacity === null
            ? t('give.load', { tasks: item.tasks })
            : t('give.loadOf', { tasks: item.tasks, capacity: item.capacity })}
        </Text>
        {item.parts && (
          <Text size="xs" c="dimmed">
            {parts
              .filter((part) => item.parts![part] !== 0)
              .map((part) => `${t(`give.parts.${part}`)} ${signed(item.parts![part])}`)
              .join(' · ')}
            {item.score !== null && ` = ${item.score}`}
          </Text>
        )}
      </div>
    </Group>
  )
}

const signed = (points: number): string => (points > 0 ? `+${points}` : `${points}`)

/** Those whom the machine would not ask, and why. */
function Barred({ items, names }: { items: readonly Item[]; names: Candidates['names'] }) {
  const bar = useBar()
  const { t } = useTranslation('order')
  const { aside, pair } = useJoin()
  const { name } = useTitles()
  const barred = items.filter(({ not }) => not !== null)
  if (barred.length === 0) return null
  return (
    <details>
      <Text component="summary" size="sm" c="dimmed" style={{ cursor: 'pointer' }}>
        {aside(t('give.barred'), barred.length)}
      </Text>
      <Stack gap={2} mt={4}>
        {barred.slice(0, 30).map(({ person, role, not }) => (
          <Text size="xs" key={`${person} ${role}`}>
            {pair(name(names, person), bar(not!))}
          </Text>
        ))}
      </Stack>
    </details>
  )
}
