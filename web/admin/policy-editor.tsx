import { Alert, Button, Drawer, Group, List, Stack, Table, Text, Textarea, Title } from '@mantine/core'
import { DateTimePicker } from '../parts/dates.tsx'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import { fromZone } from '../parts/form/zone-time.ts'
import { Failure, Loaded } from '../parts/query-state.tsx'
import { tell } from '../parts/tell.ts'
import { When } from '../parts/when.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { LimitFields } from './limit-fields.tsx'
import { usePolicyWords } from './policy-words.ts'
import { type Policy, type PolicyChange, policyPath, versionsQuery } from './queries.ts'

interface Props {
  policy: Policy
  close: () => void
}

/** The next version of a policy. Nothing is written before one has seen what changes and which open orders it concerns. */
export function PolicyEditor({ policy, close }: Props) {
  const { t } = useTranslation(['admin', 'common'])
  const { say } = useTitles()
  const client = useQueryClient()
  const simple = policy.kind === 'limits'
  const [spec, setSpec] = useState<Record<string, unknown>>(policy.spec)
  const [text, setText] = useState(JSON.stringify(policy.spec, null, 2))
  const [bad, setBad] = useState<string>()
  const [note, setNote] = useState('')
  const [from, setFrom] = useState<string | null>(null)
  const body = () => ({ spec, note, ...(from && { validFrom: new Date(fromZone(from)).toISOString() }) })
  const headers = { 'if-match': `"${policy.version}"` }
  const preview = useMutation({ mutationFn: () => post<PolicyChange>(`${policyPath(policy)}?preview=true`, body(), { headers }) })
  const save = useMutation({
    mutationFn: () => post<PolicyChange>(policyPath(policy), body(), { headers }),
    onSuccess: async ({ policy: { version } }) => {
      tell(t('edit.saved', { version }))
      close()
      await client.invalidateQueries({ queryKey: ['policies'] })
    },
  })
  // What was looked at must be what is saved.
  const changed = () => {
    preview.reset()
  }
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="lg"
      title={t('edit.title', { name: say(policy.title) })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack
        component="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          preview.mutate()
        }}
      >
        {simple ? (
          <LimitFields
            spec={spec}
            set={(next) => {
              setSpec(next)
              changed()
            }}
          />
        ) : (
          <Textarea
            label={t('edit.json')}
            value={text}
            error={bad}
            autosize
            minRows={6}
            data-autofocus
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            onChange={(event) => {
              setText(event.currentTarget.value)
              changed()
              try {
                setSpec(JSON.parse(event.currentTarget.value) as Record<string, unknown>)
                setBad(undefined)
              } catch (error) {
                setBad(t('edit.bad', { message: (error as Error).message }))
              }
            }}
          />
        )}
        <Textarea
          label={t('edit.note')}
          required
          maxLength={400}
          autosize
          value={note}
          onChange={(event) => {
            setNote(event.currentTarget.value)
            changed()
          }}
        />
        <DateTimePicker
          label={t('edit.from')}
          description={t('edit.fromHint')}
          clearable
          valueFormat="YYYY-MM-DD HH:mm"
          value={from}
          onChange={(next) => {
            setFrom(next)
            changed()
          }}
        />
        {(preview.error ?? save.error) && <Failure error={preview.error ?? save.error} />}
        {preview.data && <Preview change={preview.data} />}
        <Group justify="end">
          <Button
            type="submit"
            variant={preview.data ? 'default' : 'filled'}
            loading={preview.isPending}
            disabled={bad !== undefined || note.trim() === ''}
          >
            {t('edit.preview')}
          </Button>
          {preview.data && preview.data.changes.length > 0 && (
            <Button onClick={() => save.mutate()} loading={save.isPending}>
              {t('edit.save', { version: preview.data.policy.version })}
            </Button>
          )}
        </Group>
        <History policy={policy} />
      </Stack>
    </Drawer>
  )
}

function Preview({ change }: { change: PolicyChange }) {
  const { t } = useTranslation('admin')
  const words = usePolicyWords()
  return (
    <Alert title={t('edit.diff')} color="blue" data-preview>
      {change.changes.length === 0 ? (
        <Text size="sm">{t('edit.same')}</Text>
      ) : (
        <Table verticalSpacing={3} mb="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('edit.field')}</Table.Th>
              <Table.Th>{t('edit.before')}</Table.Th>
              <Table.Th>{t('edit.after')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {change.changes.map(({ field, from, to }) => (
              <Table.Tr key={field}>
                <Table.Td>{words.field(field)}</Table.Td>
                <Table.Td>{words.value(field, from)}</Table.Td>
                <Table.Td>{words.value(field, to)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="sm">{t('edit.orders', { count: change.orders.count })}</Text>
      <List size="xs">
        {change.orders.items.map(({ id, no, title, keeps }) => (
          <List.Item key={id}>
            <Link to="/orders/$order" params={{ order: id }}>
              {no ?? id}
            </Link>{' '}
            {title} {keeps !== null && `(${t('edit.keeps', { version: keeps })})`}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

function History({ policy }: { policy: Policy }) {
  const { t } = useTranslation('admin')
  const { name } = useTitles()
  const words = usePolicyWords()
  const versions = useQuery(versionsQuery(policy))
  return (
    <section>
      <Title order={3} mb={4}>
        {t('edit.history')}
      </Title>
      <Loaded of={versions} rows={2}>
        {({ items, names }) => (
          <List size="xs">
            {items.map((version) => (
              <List.Item key={version.version}>
                {version.version}: {words.brief(version.kind, version.spec)} · <When at={version.validFrom} absolute /> ·{' '}
                {version.changedBy ? name(names, version.changedBy) : t('policies.product')} {version.note}
              </List.Item>
            ))}
          </List>
        )}
      </Loaded>
    </section>
  )
}
