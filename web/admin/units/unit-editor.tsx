import { Autocomplete, Select, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import { post } from '../../http/client.ts'
import type { UnitList } from '../../http/types.ts'
import type { Choice } from '../../parts/form/picker.tsx'
import { PersonPicker, UnitPicker } from '../../parts/form/pickers.tsx'
import { DrawerForm } from '../../parts/form/drawer-form.tsx'
import { fieldErrors } from '../../parts/problem-text.ts'
import { useRegions } from '../../parts/regions.ts'
import { tell } from '../../parts/tell.ts'
import { useTitles } from '../../texts/use-lang.ts'
import { refresh } from '../people/queries.ts'
import type { Unit } from './queries.ts'

interface Props {
  /** Left out: a new one. */
  unit: Unit | undefined
  known: Pick<UnitList, 'items' | 'names'> | undefined
  close: () => void
}

/** A unit: made with its id, kind and region, which stay; changed in its name, its place in the tree, its leader. */
export function UnitEditor({ unit, known, close }: Props) {
  const { t } = useTranslation(['organisation', 'common'])
  const { say, name } = useTitles()
  const me = useMe()
  const { choices, renderOption } = useRegions()
  const client = useQueryClient()
  const items = known?.items ?? []
  const [draft, setDraft] = useState({
    id: '',
    nameZh: unit?.name.zh ?? '',
    nameEn: unit?.name.en ?? '',
    kind: '',
    region: me.region.path,
  })
  const [parent, setParent] = useState<Choice | null>(() =>
    unit?.parent ? { value: unit.parent, label: say(items.find(({ id }) => id === unit.parent)?.name) || unit.parent } : null,
  )
  const [leader, setLeader] = useState<Choice | null>(() =>
    unit?.leader ? { value: unit.leader, label: name(known?.names ?? {}, unit.leader) } : null,
  )
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const save = useMutation({
    mutationFn: () => {
      const { nameZh, nameEn } = draft
      const both = { nameZh, nameEn, parent: parent?.value ?? null, leader: leader?.value ?? null }
      return unit ? post(`/units/${unit.id}`, both) : post('/units', { ...draft, id: draft.id.trim(), ...both })
    },
    onSuccess: async () => {
      tell(unit ? t('saved') : t('unitMade'))
      close()
      await refresh(client)
    },
  })
  const errors = fieldErrors(save.error)
  const kinds = [...new Set(items.map(({ kind }) => kind))].sort()
  return (
    <DrawerForm
      title={unit ? t('changeUnit', { name: say(unit.name) }) : t('newUnit')}
      size="md"
      action={t('common:save')}
      save={save}
      close={close}
    >
      {!unit && (
        <>
          <TextInput
            label={t('id')}
            description={t('idHint')}
            required
            maxLength={64}
            data-autofocus
            value={draft.id}
            error={errors.id}
            onChange={(event) => set({ id: event.currentTarget.value })}
          />
          <Autocomplete
            label={t('kind')}
            required
            maxLength={64}
            data={kinds}
            value={draft.kind}
            error={errors.kind}
            onChange={(kind) => set({ kind })}
          />
          <Select
            label={t('region')}
            required
            searchable
            allowDeselect={false}
            data={choices}
            renderOption={renderOption}
            value={draft.region}
            error={errors.region}
            onChange={(region) => set({ region: region ?? '' })}
          />
        </>
      )}
      <TextInput
        label={t('nameZh')}
        required
        maxLength={100}
        data-autofocus={unit ? true : undefined}
        value={draft.nameZh}
        error={errors.nameZh}
        onChange={(event) => set({ nameZh: event.currentTarget.value })}
      />
      <TextInput
        label={t('nameEn')}
        required
        maxLength={100}
        value={draft.nameEn}
        error={errors.nameEn}
        onChange={(event) => set({ nameEn: event.currentTarget.value })}
      />
      <UnitPicker label={t('parent')} value={parent} onChange={setParent} error={errors.parent} />
      <PersonPicker label={t('leader')} value={leader} onChange={setLeader} error={errors.leader} />
    </DrawerForm>
  )
}
