import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Clock, Order } from '../../http/types.ts'
import { Loaded } from '../../parts/query-state.tsx'
import { clockTime } from '../../parts/time.ts'
import { useJoin, useLang, useTitles } from '../../texts/use-lang.ts'
import { promiseQuery } from '../queries.ts'

/** The promise, as the limits that lie ahead make it. */
export function PromiseLines({ order, clock }: { order: Order; clock: Clock }) {
  const { t } = useTranslation('order')
  const { pair } = useJoin()
  const { say } = useTitles()
  const lang = useLang()
  const promise = useQuery(promiseQuery(order.id))
  return (
    <Loaded of={promise} rows={3}>
      {({ firstAt, moves, lines }) => (
        <>
          {clock.provisional && (
            <Text size="xs" my={4}>
              {t('clocks.provisionalWhy')}
            </Text>
          )}
          <Table fz="xs" verticalSpacing={3} horizontalSpacing={4}>
            <Table.Caption style={{ captionSide: 'top', textAlign: 'start', marginTop: 0 }}>
              {firstAt && pair(t('clocks.firstPromise'), clockTime(firstAt, lang))}
              {moves.length > 0 && ` \u00b7 ${t('clocks.moves', { count: moves.length })}`}
            </Table.Caption>
            <Table.Tbody>
              {lines.map((line, i) => (
                <Table.Tr key={`${line.step} ${line.key} ${i}`}>
                  <Table.Td pl={line.process ? 'md' : 4}>
                    {say(line.title)}
                    <Text size="xs" c="dimmed">
                      {[t(`clocks.lines.${line.why}`), say(line.limit), line.policy].filter(Boolean).join(' \u00b7 ')}
                    </Text>
                  </Table.Td>
                  <Table.Td style={{ verticalAlign: 'top' }} ta="end" w={96}>
                    {clockTime(line.until, lang)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
    </Loaded>
  )
}
