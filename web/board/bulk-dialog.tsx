/** One command for many tasks: asked in parts, each with its key, so that a part that got no answer is sent again and counts once. */
import { Alert, Button, Group, Modal, Progress, ScrollArea, SegmentedControl, Stack, Table, Text, Textarea } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newKey, post } from '../http/client.ts'
import type { TaskItem } from '../http/types.ts'
import { ordersChanged } from '../live/follow.ts'
import type { Choice } from '../parts/form/picker.tsx'
import { PersonPicker, UnitPicker } from '../parts/form/pickers.tsx'
import { problemText } from '../parts/problem-text.ts'
import { tell } from '../parts/tell.ts'
import type { BulkResult } from './queries.ts'

export const bulkKinds = ['dispatch', 'reassign', 'urge'] as const
export type BulkKind = (typeof bulkKinds)[number]

interface Props {
  kind: BulkKind
  items: readonly TaskItem[]
  close: () => void
  done: () => void
}

/** Small enough that progress is seen, and within what one request may carry. */
const PART = 25

export function BulkDialog({ kind, items: selected, close, done }: Props) {
  const { t } = useTranslation(['board', 'common'])
  // What it was opened for: the selection is gone once it is done.
  const [items] = useState(selected)
  const [to, setTo] = useState<'person' | 'unit' | 'machine'>('person')
  const [target, setTarget] = useState<Choice | null>(null)
  const [words, setWords] = useState('')
  const [finished, setFinished] = useState(0)
  const [results, setResults] = useState<BulkResult[]>()
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const keys = useRef(new Map<number, string>())
  const needsTarget = kind !== 'urge' && to !== 'machine'

  const body = () => ({
    type: kind,
    ...(needsTarget && target && { [to]: target.value }),
    ...(kind === 'urge' ? words.trim() && { note: words.trim() } : words.trim() && { reason: words.trim() }),
  })

  const run = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    const all: BulkResult[] = []
    try {
      for (let from = 0; from < items.length; from += PART) {
        const key = keys.current.get(from) ?? newKey()
        keys.current.set(from, key)
        const part = items.slice(from, from + PART).map(({ order, task }) => ({ order, task }))
        const answer = await post<{ results: BulkResult[] }>('/tasks/bulk', { ...body(), items: part }, { key })
        all.push(...answer.results)
        setFinished(all.length)
      }
      const refused = all.filter(({ ok, pending }) => !ok && !pending)
      done()
      if (refused.length > 0) return setResults(all)
      tell(t('bulk.done', { done: all.length }))
      close()
    } catch (caught) {
      setError(problemText(caught))
    } finally {
      setBusy(false)
      await ordersChanged(...new Set(items.map(({ order }) => order)))
    }
  }

  const refused = results?.filter(({ ok, pending }) => !ok && !pending) ?? []
  const action = t(`bulk.${kind}`)
  return (
    <Modal
      opened
      onClose={close}
      title={t('bulk.run', { action, count: items.length })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {results ? (
        <Stack>
          <Text fw={600} role="status">
            {t('bulk.result', { done: results.length - refused.length, refused: refused.length })}
          </Text>
          <Text size="sm">{t('bulk.refused')}</Text>
          <ScrollArea.Autosize mah={320} tabIndex={0}>
            <Table striped>
              <Table.Tbody>
                {refused.map(({ order, task, problem }) => (
                  <Table.Tr key={`${order} ${task}`}>
                    <Table.Td>{items.find((item) => item.order === order && item.task === task)?.orderNo ?? order}</Table.Td>
                    <Table.Td>{problem?.title}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
          <Group justify="end">
            <Button onClick={close}>{t('common:close')}</Button>
          </Group>
        </Stack>
      ) : (
        <Stack component="form" onSubmit={(event: FormEvent) => void run(event)}>
          {kind !== 'urge' && (
            <>
              <SegmentedControl
                aria-label={t('bulk.to')}
                value={to}
                onChange={(next) => {
                  setTo(next)
                  setTarget(null)
                }}
                data={[
                  { value: 'person', label: t('bulk.person') },
                  { value: 'unit', label: t('bulk.unit') },
                  ...(kind === 'dispatch' ? [{ value: 'machine' as const, label: t('bulk.machine') }] : []),
                ]}
              />
              {to === 'person' && <PersonPicker label={t('bulk.person')} value={target} onChange={setTarget} required autoFocus />}
              {to === 'unit' && <UnitPicker label={t('bulk.unit')} value={target} onChange={setTarget} required />}
            </>
          )}
          <Textarea
            label={kind === 'urge' ? t('bulk.note') : t('bulk.reason')}
            required={kind === 'reassign'}
            maxLength={400}
            autosize
            value={words}
            data-autofocus={kind === 'urge' || undefined}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          {error && (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          {busy && items.length > PART && (
            <div>
              <Progress value={(finished / items.length) * 100} aria-label={t('bulk.progress', { done: finished, count: items.length })} />
              <Text size="xs" c="dimmed">
                {t('bulk.progress', { done: finished, count: items.length })}
              </Text>
            </div>
          )}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={needsTarget && !target}>
              {t('bulk.run', { action, count: items.length })}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
