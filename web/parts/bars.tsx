/** Bars drawn as a picture, with the same numbers as a table for whoever does not see it. */
import { Table, Text, VisuallyHidden } from '@mantine/core'

export interface Bar {
  label: string
  /** Parts from below, in the sequence of the colours. */
  values: readonly number[]
}

interface Props {
  title: string
  bars: readonly Bar[]
  series: readonly { name: string; colour: string }[]
  height?: number
  write?: (value: number) => string
}

const WIDTH = 600

export function Bars({ title, bars, series, height = 140, write = String }: Props) {
  const most = Math.max(1, ...bars.map(({ values }) => values.reduce((a, b) => a + b, 0)))
  const step = WIDTH / Math.max(1, bars.length)
  const wide = Math.min(28, step * 0.7)
  return (
    <figure style={{ margin: 0 }}>
      <svg
        viewBox={`0 0 ${WIDTH} ${height + 18}`}
        role="img"
        aria-label={title}
        style={{ width: '100%', height: 'auto', display: 'block' }}
      >
        <line x1={0} x2={WIDTH} y1={height} y2={height} stroke="var(--paidan-line)" />
        {bars.map(({ label, values }, i) => {
          let top = height
          return (
            <g key={label}>
              <title>{`${label}: ${series.map(({ name }, k) => `${name} ${write(values[k] ?? 0)}`).join(', ')}`}</title>
              {values.map((value, k) => {
                const tall = (value / most) * (height - 12)
                top -= tall
                return (
                  <rect
                    key={series[k]!.name}
                    x={i * step + (step - wide) / 2}
                    y={top}
                    width={wide}
                    height={tall}
                    fill={series[k]!.colour}
                    rx={1}
                  />
                )
              })}
              {(bars.length <= 10 || i % Math.ceil(bars.length / 8) === 0) && (
                <text x={i * step + step / 2} y={height + 13} textAnchor="middle" fontSize={10} fill="var(--mantine-color-dimmed)">
                  {label}
                </text>
              )}
            </g>
          )
        })}
      </svg>
      <figcaption>
        <Text size="xs" c="dimmed" component="span">
          {series.map(({ name, colour }) => (
            <span key={name} style={{ marginInlineEnd: 12 }}>
              <span
                aria-hidden
                style={{ display: 'inline-block', width: 9, height: 9, background: colour, marginInlineEnd: 4, borderRadius: 2 }}
              />
              {name}
            </span>
          ))}
        </Text>
        <VisuallyHidden>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{title}</Table.Th>
                {series.map(({ name }) => (
                  <Table.Th key={name}>{name}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {bars.map(({ label, values }) => (
                <Table.Tr key={label}>
                  <Table.Td>{label}</Table.Td>
                  {values.map((value, k) => (
                    <Table.Td key={series[k]!.name}>{write(value)}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </VisuallyHidden>
      </figcaption>
    </figure>
  )
}
