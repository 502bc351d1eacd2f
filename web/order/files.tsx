import { Anchor, FileButton, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconPaperclip, IconUpload } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { API } from '../http/client.ts'
import type { Order } from '../http/types.ts'
import { Failure } from '../parts/query-state.tsx'
import { tell } from '../parts/tell.ts'
import { When } from '../parts/when.tsx'
import { useJoin, useLang, useTitles } from '../texts/use-lang.ts'
import { attach } from './attach.ts'
import './files.css'
import { Section } from './section.tsx'

const KB = 1024

const sizeOf = (bytes: number, lang: string): string =>
  new Intl.NumberFormat(lang, { style: 'unit', unit: bytes < KB * KB ? 'kilobyte' : 'megabyte', maximumFractionDigits: 1 }).format(
    bytes < KB * KB ? Math.max(0.1, bytes / KB) : bytes / KB / KB,
  )

/** Files of the order, and a place to add one. */
export function Files({ order }: { order: Order }) {
  const { t } = useTranslation('order')
  const { aside } = useJoin()
  const { name } = useTitles()
  const lang = useLang()
  const me = useMe()
  const [sending, setSending] = useState<string>()
  const [failed, setFailed] = useState<unknown>()
  const [over, setOver] = useState(false)
  const take = async (files: readonly File[]) => {
    setFailed(undefined)
    for (const file of files) {
      setSending(file.name)
      try {
        await attach(order.id, file)
        tell(t('files.added', { name: file.name }))
      } catch (error) {
        setFailed(error)
      }
    }
    setSending(undefined)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take([...event.dataTransfer.files])
  }
  return (
    <Section title={aside(t('files.title'), order.attachments.length)}>
      <Stack gap="xs">
        {order.attachments.map((file) => (
          <Group key={file.id} gap="xs" wrap="nowrap" align="start">
            <IconPaperclip size={16} aria-hidden style={{ flex: 'none', marginTop: 3 }} />
            <div style={{ minWidth: 0 }}>
              <Anchor
                href={`${API}/orders/${order.id}/attachments/${file.id}`}
                download={file.name}
                size="sm"
                aria-label={t('files.download', { name: file.name })}
                style={{ overflowWrap: 'anywhere' }}
              >
                {file.name}
              </Anchor>
              <Text size="xs" c="dimmed">
                {sizeOf(file.size, lang)} · {name(order.names, file.uploadedBy)} · <When at={file.uploadedAt} />
              </Text>
            </div>
          </Group>
        ))}
        {me.may.attach && order.status !== 'closed' && (
          <FileButton onChange={(files) => void take(files)} multiple>
            {(props) => (
              <UnstyledButton
                {...props}
                className="drop-zone"
                data-over={over || undefined}
                disabled={sending !== undefined}
                onDragOver={(event) => {
                  event.preventDefault()
                  setOver(true)
                }}
                onDragLeave={() => setOver(false)}
                onDrop={drop}
              >
                <IconUpload size={18} aria-hidden />
                <span>
                  <Text size="sm" span>
                    {sending ? t('files.sending', { name: sending }) : t('files.drop')}
                  </Text>
                  <Text size="xs" c="dimmed" component="span" display="block">
                    {t('files.limit')}
                  </Text>
                </span>
              </UnstyledButton>
            )}
          </FileButton>
        )}
        {failed !== undefined && <Failure error={failed} />}
      </Stack>
    </Section>
  )
}
