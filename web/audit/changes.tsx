import { Paper, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../parts/query-state.tsx'
import { differences } from './differences.ts'
import { atQuery } from './queries.ts'
import { Value } from './value.tsx'

/** Two instants side by side: only what is not the same. */
export function Changes({ order, from, to }: { order: string; from: number; to: number }) {
  const { t } = useTranslation('audit')
  const before = useQuery(atQuery(order, from))
  const after = useQuery(atQuery(order, to))
  return (
    <Paper withBorder p="sm" component="section">
      <Title order={2} mb="xs">
        {t('changed', { from, to })}
      </Title>
      <Loaded of={before}>
        {(one) => (
          <Loaded of={after}>
            {(other) => {
              const found = differences(one.state, other.state)
              if (found.length === 0) return <Text size="sm">{t('same')}</Text>
              return (
                <Table.ScrollContainer
                  minWidth={420}
                  scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('changed', { from, to }) } }}
                >
                  <Table verticalSpacing={4}>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th>{t('field')}</Table.Th>
                        <Table.Th>{t('before')}</Table.Th>
                        <Table.Th>{t('after')}</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {found.map((one) => (
                        <Table.Tr key={one.field}>
                          <Table.Td>{one.field}</Table.Td>
                          <Table.Td>
                            <Value of={one.before} />
                          </Table.Td>
                          <Table.Td>
                            <Value of={one.after} />
                          </Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
              )
            }}
          </Loaded>
        )}
      </Loaded>
    </Paper>
  )
}
