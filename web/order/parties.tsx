import { Badge, Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Names, ProcessDetail, Task } from '../http/types.ts'
import { When } from '../parts/when.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { useWords } from './words.ts'

/** Who is asked to sign, and how they answered. */
export function Parties({ task, process, names }: { task: Task; process: ProcessDetail; names: Names }) {
  const { t } = useTranslation('order')
  const { say, name } = useTitles()
  const words = useWords(process)
  return (
    <Table.ScrollContainer minWidth={420} mt="xs">
      <Table verticalSpacing={4} horizontalSpacing={6} fz="sm">
        <Table.Caption style={{ captionSide: 'top', textAlign: 'start', marginTop: 0 }}>{t('task.signatures')}</Table.Caption>
        <Table.Tbody>
          {task.parties.map((party) => (
            <Table.Tr key={party.party}>
              <Table.Th fw={500} scope="row">
                {say(party.title) || (party.person === party.party ? name(names, party.person) : words.party(task.task, party.party))}
                {party.mandatory && (
                  <Badge size="xs" ml={6} color="gray">
                    {t('task.mandatory')}
                  </Badge>
                )}
              </Table.Th>
              <Table.Td>
                {name(names, party.signedBy ?? party.person ?? party.unit)}
                {party.signedFor && ` (${t('task.absent', { name: name(names, party.signedFor) })})`}
              </Table.Td>
              <Table.Td>
                {party.removedAt ? (
                  <Badge color="gray">{t('task.removed')}</Badge>
                ) : party.answer ? (
                  <Group gap={6}>
                    <Badge color={party.answer === 'agree' || party.answer === 'accept' ? 'teal' : 'orange'}>
                      {words.answer(party.answer)}
                    </Badge>
                    <Text span size="xs" c="dimmed">
                      <When at={party.signedAt} absolute />
                    </Text>
                  </Group>
                ) : (
                  <Badge color="blue">{t('task.asked')}</Badge>
                )}
                {party.opinion && (
                  <Text size="sm" className="words">
                    {party.opinion}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
