import { Badge, Button, Code, Group, Menu, Modal, Stack, Text } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { post, request } from '../http/client.ts'
import { useProcessTitles } from '../order/words.ts'
import { Grid } from '../parts/grid.tsx'
import { Failure, Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { When } from '../parts/when.tsx'
import { type Schedule, schedulesQuery } from './queries.ts'
import { ScheduleEditor } from './schedule-editor.tsx'
import { useJoin } from '../texts/use-lang.ts'

const overlaps = { skip: 1, 'buffer-one': 1, 'allow-all': 1 }

/** What time starts by itself: when next, and what came of the last run. */
export function Schedules() {
  const { t } = useTranslation('admin')
  const process = useProcessTitles()
  const may = useMe().may.change.includes('Schedule')
  const schedules = useQuery(schedulesQuery)
  const [edited, setEdited] = useState<Schedule | 'new'>()
  return (
    <>
      {may && (
        <Group justify="end" mb="xs">
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
            {t('schedules.new')}
          </Button>
        </Group>
      )}
      <Loaded of={schedules}>
        {({ items }) => (
          <Grid
            label={t('tab.schedules')}
            rows={items}
            id={({ id }) => id}
            minWidth={860}
            empty={{ title: t('schedules.empty') }}
            columns={[
              {
                head: t('policies.name'),
                cell: ({ id, title, paused }) => (
                  <>
                    <Group gap={6}>
                      {title}
                      {paused && <Badge color="orange">{t('schedules.paused')}</Badge>}
                    </Group>
                    <Text size="xs" c="dimmed">
                      {id}
                    </Text>
                  </>
                ),
              },
              { head: t('policies.process'), cell: (schedule) => process(schedule.process) },
              {
                head: t('schedules.cron'),
                cell: ({ cron, timeZone }) => (
                  <>
                    <Code>{cron}</Code> {timeZone}
                  </>
                ),
              },
              {
                head: t('schedules.overlap'),
                cell: ({ overlap }) => (overlap in overlaps ? t(`schedules.overlaps.${overlap as 'skip'}`) : overlap),
              },
              {
                head: t('schedules.last'),
                cell: ({ last }) =>
                  last ? (
                    <Link to="/orders/$order" params={{ order: last.order }}>
                      <When at={last.at} absolute />
                    </Link>
                  ) : (
                    t('schedules.never')
                  ),
              },
              { head: t('schedules.next'), cell: ({ next }) => <When at={next?.[0]} absolute /> },
              { head: '', cell: (schedule) => may && <Moves schedule={schedule} change={() => setEdited(schedule)} /> },
            ]}
          />
        )}
      </Loaded>
      {edited && <ScheduleEditor schedule={edited === 'new' ? undefined : edited} close={() => setEdited(undefined)} />}
    </>
  )
}

/** To change it, to run it now, to remove it. */
function Moves({ schedule, change }: { schedule: Schedule; change: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const { pair } = useJoin()
  const client = useQueryClient()
  const [asked, setAsked] = useState(false)
  const again = () => client.invalidateQueries({ queryKey: ['schedules'] })
  const run = useMutation({
    mutationFn: () => post(`/schedules/${schedule.id}/runs`, {}),
    onSuccess: () => tell(t('schedules.ran')),
    onError: tellProblem,
    onSettled: again,
  })
  const remove = useMutation({
    mutationFn: () => request('DELETE', `/schedules/${schedule.id}`),
    onSuccess: async () => {
      tell(t('schedules.removed'))
      setAsked(false)
      await again()
    },
  })
  return (
    <>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button size="compact-xs" variant="default" aria-label={pair(t('schedules.change'), schedule.title)} loading={run.isPending}>
            <IconDots size={14} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={change}>{t('schedules.change')}</Menu.Item>
          <Menu.Item onClick={() => run.mutate()}>{t('schedules.run')}</Menu.Item>
          <Menu.Item color="red" onClick={() => setAsked(true)}>
            {t('schedules.remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asked}
        onClose={() => setAsked(false)}
        title={t('schedules.remove')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Stack>
          <Text size="sm">{t('schedules.removeOf', { title: schedule.title })}</Text>
          {remove.error && <Failure error={remove.error} />}
          <Group justify="end">
            <Button variant="default" onClick={() => setAsked(false)}>
              {t('common:cancel')}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('schedules.remove')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
