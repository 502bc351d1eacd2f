import { Paper, Table, Title } from '@mantine/core'

interface Props {
  title: string
  counts: Readonly<Record<string, number>>
  name?: (key: string) => string
}

/** How many of each, the most first. */
export function Counts({ title, counts, name = (key) => key }: Props) {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a)
  if (rows.length === 0) return null
  return (
    <Paper withBorder p="sm" component="section">
      <Title order={3} mb="xs">
        {title}
      </Title>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {rows.map(([key, count]) => (
            <Table.Tr key={key}>
              <Table.Td>{name(key)}</Table.Td>
              <Table.Td ta="end">{count.toLocaleString()}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}
