import { Badge, Group, SimpleGrid, Stack, Text, TextInput, Title, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProcessSummary } from '../http/types.ts'
import { Empty } from '../parts/query-state.tsx'
import { useTitles } from '../texts/use-lang.ts'
import './new-order.css'

const families = { order: 1, fault: 1, complaint: 1, customer: 1, settlement: 1, channel: 1, points: 1, project: 1, plan: 1 }

/** What somebody may start, by family; found by number and by words of either language. */
export function ProcessPicker({ processes, choose }: { processes: readonly ProcessSummary[]; choose: (id: string) => void }) {
  const { t } = useTranslation('newOrder')
  const { say } = useTitles()
  const [typed, setTyped] = useState('')
  const mine = processes.filter(({ startable }) => startable)
  const words = typed.trim().toLowerCase()
  const named = mine.filter(({ no, id, title }) => `${no} ${id} ${title.zh} ${title.en}`.toLowerCase().includes(words))
  const meant = mine.filter((one) => !named.includes(one) && `${one.purpose?.zh} ${one.purpose?.en}`.toLowerCase().includes(words))
  // What is called so comes before what is for it.
  const found = [...named, ...meant]
  const groups = [...new Set(found.map(({ family }) => family))]
  if (mine.length === 0) return <Empty title={t('noneYours')} hint=" " />
  return (
    <Stack>
      <TextInput
        type="search"
        label={t('which')}
        placeholder={t('find')}
        leftSection={<IconSearch size={16} />}
        value={typed}
        maw={420}
        autoFocus
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !found[0]) return
          // The form that comes has the keyboard at once: this Enter must not send it.
          event.preventDefault()
          choose(found[0].id)
        }}
      />
      {found.length === 0 && <Text size="sm">{t('noneFits')}</Text>}
      {groups.map((family) => (
        <section key={family}>
          <Title order={2} mb="xs">
            {family in families ? t(`families.${family as keyof typeof families}`) : family}
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xs">
            {found
              .filter((one) => one.family === family)
              .map((one) => (
                <UnstyledButton key={one.id} className="process-card" onClick={() => choose(one.id)}>
                  <Group gap={8} wrap="nowrap" align="start">
                    <Badge color="gray" style={{ flex: 'none' }}>
                      {one.no}
                    </Badge>
                    <div>
                      <Text size="sm" fw={600}>
                        {say(one.title)}
                      </Text>
                      <Text size="xs" c="dimmed">
                        {[say(one.purpose), t('steps', { count: one.steps }), one.customer === 'none' ? t('internal') : '']
                          .filter(Boolean)
                          .join(' \u00b7 ')}
                      </Text>
                    </div>
                  </Group>
                </UnstyledButton>
              ))}
          </SimpleGrid>
        </section>
      ))}
    </Stack>
  )
}
