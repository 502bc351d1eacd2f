import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useRoleTitles } from '../../order/words.ts'
import type { Choice } from '../../parts/form/picker.tsx'
import { UnitPicker } from '../../parts/form/pickers.tsx'
import { RoleSelect } from './role-select.tsx'

export interface RoleRow {
  /** Of the row on the screen alone. */
  key: string
  role: string | null
  unit: Choice | null
}

let last = 0
export const rowOf = (role: string | null, unit: Choice | null): RoleRow => ({ key: `row-${last++}`, role, unit })

/** Rows that say something, as the API takes them. */
export const grantsOf = (rows: readonly RoleRow[]): { role: string; unit: string }[] =>
  rows.flatMap(({ role, unit }) => (role && unit ? [{ role, unit: unit.value }] : []))

interface Props {
  rows: readonly RoleRow[]
  set: (rows: RoleRow[]) => void
  /** Where a new one is held, as long as nothing else is said. */
  unit: Choice | null
  error?: string | undefined
}

/** Which roles, each in which unit. */
export function RoleRows({ rows, set, unit, error }: Props) {
  const { t } = useTranslation('organisation')
  const title = useRoleTitles()
  const change = (key: string, part: Partial<RoleRow>) => set(rows.map((row) => (row.key === key ? { ...row, ...part } : row)))
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">
        {t('rolesHint')}
      </Text>
      {rows.map(({ key, role, unit: of }) => (
        <Group key={key} gap="xs" align="end">
          <div style={{ flex: '1 1 200px' }}>
            <RoleSelect label={t('role')} value={role} onChange={(next) => change(key, { role: next })} />
          </div>
          <div style={{ flex: '1 1 160px' }}>
            <UnitPicker label={t('inUnit')} value={of} onChange={(next) => change(key, { unit: next })} />
          </div>
          <ActionIcon
            variant="subtle"
            color="red"
            size={36}
            aria-label={t('removeRole', { role: role ? title(role) : '' })}
            onClick={() => set(rows.filter((row) => row.key !== key))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      {rows.length === 0 && <Text size="sm">{t('noRoles')}</Text>}
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: 'start' }}
        onClick={() => set([...rows, rowOf(null, unit)])}
      >
        {t('addRole')}
      </Button>
    </Stack>
  )
}
