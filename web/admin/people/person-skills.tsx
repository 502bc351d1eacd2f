import { ActionIcon, Badge, Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../parts/query-state.tsx'
import { Edit } from './edit.tsx'
import { Save } from './person-data.tsx'
import type { Person } from './queries.ts'
import { useChange } from './use-change.ts'

/** What somebody knows, and how well: offers go by it. */
export function PersonSkills({ person }: { person: Person }) {
  const { t } = useTranslation('organisation')
  const [rows, setRows] = useState<Person['skills']>()
  const change = useChange(person)
  if (!rows)
    return (
      <Stack gap="xs">
        {person.skills.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('noSkills')}
          </Text>
        )}
        <Group gap={4}>
          {person.skills.map(({ skill, level }) => (
            <Badge key={skill} color="gray">
              {skill} · {level}
            </Badge>
          ))}
        </Group>
        <Edit label={t('skills')} edit={() => setRows([...person.skills])} />
      </Stack>
    )
  const set = (i: number, part: Partial<Person['skills'][number]>) => setRows(rows.map((row, k) => (k === i ? { ...row, ...part } : row)))
  return (
    <Stack
      component="form"
      gap="xs"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        change.mutate({ skills: rows.filter(({ skill }) => skill.trim() !== '') }, { onSuccess: () => setRows(undefined) })
      }}
    >
      <Text size="xs" c="dimmed">
        {t('skillsHint')}
      </Text>
      {rows.map(({ skill, level }, i) => (
        <Group key={i} gap="xs" wrap="nowrap">
          <TextInput
            aria-label={t('skill')}
            style={{ flex: 1 }}
            maxLength={64}
            value={skill}
            onChange={(event) => set(i, { skill: event.currentTarget.value })}
          />
          <SegmentedControl
            aria-label={`${t('level')} ${skill}`}
            data={['1', '2', '3']}
            value={String(level)}
            onChange={(value) => set(i, { level: Number(value) })}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('removeSkill', { skill })}
            onClick={() => setRows(rows.filter((_, k) => k !== i))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: 'start' }}
        onClick={() => setRows([...rows, { skill: '', level: 1 }])}
      >
        {t('addSkill')}
      </Button>
      {change.error && <Failure error={change.error} />}
      <Save busy={change.isPending} nothing={false} undo={() => setRows(undefined)} label={t('skills')} />
    </Stack>
  )
}
