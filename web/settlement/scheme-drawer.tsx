import { Badge, Button, Code, Drawer, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { hasRole, useMe } from '../app/session.ts'
import { post } from '../http/client.ts'
import { Failure, Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { When } from '../parts/when.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { type Scheme, schemeQuery } from './queries.ts'
import { SettlementState } from './state.tsx'

interface Props {
  /** `new`: another one. */
  id: string
  close: () => void
}

/** How a new scheme of business looks: what is to be changed is seen. */
const template = {
  nature: 'business',
  businessType: 'broadband',
  kind: 'commission',
  settlements: ['unified'],
  range: [],
  conditions: [],
  tiers: [{ from: 0, pay: { fixed: 1000 } }],
}

/** A settlement scheme: its versions, the next draft, and its release by somebody else. */
export function SchemeDrawer({ id, close }: Props) {
  const { t } = useTranslation(['settlement', 'common'])
  const scheme = useQuery({ ...schemeQuery(id), enabled: id !== 'new' })
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="lg"
      title={id === 'new' ? t('scheme.new') : t('column.scheme')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {id === 'new' ? (
        <DraftForm close={close} />
      ) : (
        <Loaded of={scheme}>{(data) => <Whole key={data.versions.length} scheme={data} close={close} />}</Loaded>
      )}
    </Drawer>
  )
}

function Whole({ scheme, close }: { scheme: Scheme; close: () => void }) {
  const { t } = useTranslation('settlement')
  const { say, name } = useTitles()
  const me = useMe()
  const client = useQueryClient()
  const [writing, setWriting] = useState(false)
  const releases = hasRole(me, 'market-dept', 'kac-director', 'vp-in-charge')
  const release = useMutation({
    mutationFn: (version: number) => post(`/schemes/${scheme.id}/releases`, { version }),
    onSuccess: () => tell(t('scheme.released')),
    onError: tellProblem,
    onSettled: () => client.invalidateQueries({ queryKey: ['schemes'] }),
  })
  return (
    <Stack>
      <div>
        <Title order={2}>{say(scheme.name)}</Title>
        <Text size="xs" c="dimmed">
          {scheme.id}
        </Text>
      </div>
      {writing ? (
        <DraftForm scheme={scheme} close={close} />
      ) : (
        me.may.change.includes('Settlement') && (
          <Button variant="default" size="xs" style={{ alignSelf: 'start' }} onClick={() => setWriting(true)}>
            {t('scheme.next')}
          </Button>
        )
      )}
      {scheme.versions.map(({ version, state, spec, savedBy, savedAt, releasedBy }) => (
        <section key={version}>
          <Group gap="xs" mb={4}>
            <Title order={3}>{t('scheme.version', { version })}</Title>
            {state === 'withdrawn' ? <Badge color="gray">{t('scheme.withdrawn')}</Badge> : <SettlementState of={state} />}
            {state === 'draft' && releases && savedBy !== me.id && (
              <Button size="compact-xs" loading={release.isPending} onClick={() => release.mutate(version)}>
                {t('scheme.release')}
              </Button>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            {name(scheme.names, savedBy)} · <When at={savedAt} absolute />
            {releasedBy && ` · ${t('scheme.releasedBy', { name: name(scheme.names, releasedBy) })}`}
          </Text>
          <Code block tabIndex={0} aria-label={t('scheme.version', { version })}>
            {JSON.stringify(spec, null, 2)}
          </Code>
        </section>
      ))}
    </Stack>
  )
}

/** A draft in its whole wording. The API says field by field what does not fit, and keeps nothing then. */
function DraftForm({ scheme, close }: { scheme?: Scheme; close: () => void }) {
  const { t } = useTranslation(['settlement', 'common'])
  const client = useQueryClient()
  const latest = scheme?.versions.toSorted((a, b) => b.version - a.version)[0]
  const [id, setId] = useState(scheme?.id ?? '')
  const [name, setName] = useState({ zh: scheme?.name.zh ?? '', en: scheme?.name.en ?? '' })
  const [text, setText] = useState(() => JSON.stringify(latest?.spec ?? template, null, 2))
  const [bad, setBad] = useState<string>()
  const save = useMutation({
    mutationFn: () => post(`/schemes/${encodeURIComponent(id.trim())}`, { name, spec: JSON.parse(text) as unknown }),
    onSuccess: async () => {
      tell(t('scheme.saved'))
      close()
      await client.invalidateQueries({ queryKey: ['schemes'] })
    },
  })
  return (
    <Stack
      component="form"
      gap="sm"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (bad === undefined) save.mutate()
      }}
    >
      {!scheme && (
        <TextInput
          label={t('scheme.id')}
          description={t('scheme.idHint')}
          required
          maxLength={60}
          pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
          data-autofocus
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={t('scheme.nameZh')}
        required
        maxLength={100}
        value={name.zh}
        onChange={(event) => setName({ ...name, zh: event.currentTarget.value })}
      />
      <TextInput
        label={t('scheme.nameEn')}
        required
        maxLength={100}
        value={name.en}
        onChange={(event) => setName({ ...name, en: event.currentTarget.value })}
      />
      <Textarea
        label={t('scheme.spec')}
        description={t('scheme.specHint')}
        required
        autosize
        minRows={10}
        maxRows={28}
        error={bad}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          try {
            JSON.parse(event.currentTarget.value)
            setBad(undefined)
          } catch (error) {
            setBad(t('scheme.bad', { message: (error as Error).message }))
          }
        }}
      />
      <Text size="xs" c="dimmed">
        {t('scheme.rule')}
      </Text>
      {save.error && <Failure error={save.error} />}
      <Group justify="end">
        <Button variant="default" onClick={close}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={save.isPending} disabled={bad !== undefined}>
          {t('scheme.save')}
        </Button>
      </Group>
    </Stack>
  )
}
