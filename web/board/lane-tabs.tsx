import { Badge, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { TaskList } from '../http/types.ts'
import classes from './board.module.css'
import { type Lane, lanes } from './queries.ts'

interface Props {
  lane: Lane
  counts: TaskList['counts'] | undefined
  choose: (lane: Lane) => void
}

/** The API counts no further. */
const MOST = 200
const alarming: readonly Lane[] = ['overdue', 'risk']

export function LaneTabs({ lane, counts, choose }: Props) {
  const { t } = useTranslation('board')
  return (
    <Tabs value={lane} onChange={(next) => next && choose(next as Lane)} variant="pills" keepMounted={false} miw={0} maw="100%">
      <Tabs.List className={classes.tabs}>
        {lanes.map((name) => {
          const count = (counts as Partial<Record<Lane, number>> | null | undefined)?.[name]
          return (
            <Tabs.Tab
              key={name}
              value={name}
              size="xs"
              rightSection={
                count === undefined ? undefined : (
                  <Badge
                    size="sm"
                    color={count > 0 && alarming.includes(name) ? 'red' : 'gray'}
                    variant={name === lane ? 'white' : 'light'}
                  >
                    {count >= MOST ? `${MOST}+` : count}
                  </Badge>
                )
              }
            >
              {t(`lane.${name}`)}
            </Tabs.Tab>
          )
        })}
      </Tabs.List>
    </Tabs>
  )
}
