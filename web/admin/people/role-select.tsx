import { Select, type SelectProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type RoleGroup, type RoleId, roles } from '../../../domain/roles.ts'
import { hasRole, useMe } from '../../app/session.ts'
import { useJoin, useTitles } from '../../texts/use-lang.ts'

/** As the API has it: above the directors decides who is above them. */
const high: readonly string[] = ['vp-in-charge', 'kac-director', 'top-management'] satisfies RoleId[]
const groups = ['dispatcher', 'engineer', 'supervisor', 'auditor', 'external'] as const satisfies readonly RoleGroup[]

const ids = Object.keys(roles) as RoleId[]
const first = (id: RoleId): RoleGroup | undefined => roles[id].groups[0]

interface Props extends Pick<SelectProps, 'label' | 'placeholder' | 'size' | 'error' | 'required' | 'w' | 'aria-label'> {
  value: string | null
  onChange: (role: string | null) => void
  /** To look for, so that nothing is beyond the caller. */
  filter?: boolean
}

/** Roles of people, by what they belong to. */
export function RoleSelect({ value, onChange, filter = false, ...rest }: Props) {
  const { t } = useTranslation('organisation')
  const { aside } = useJoin()
  const { say } = useTitles()
  const above = hasRole(useMe(), 'vp-in-charge')
  const data = groups.map((group) => ({
    group: t(`groups.${group}`),
    items: ids
      .filter((id) => id !== 'customer' && first(id) === group)
      .map((id) => {
        const closed = !filter && !above && high.includes(id)
        return { value: id, label: closed ? aside(say(roles[id].title), t('high')) : say(roles[id].title), disabled: closed }
      }),
  }))
  return <Select {...rest} searchable clearable={filter} data={data} value={value} onChange={onChange} maxDropdownHeight={280} />
}
