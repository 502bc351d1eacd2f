import { Badge, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../parts/now.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Loaded } from '../../parts/query-state.tsx'
import { useTitles } from '../../texts/use-lang.ts'
import { Absences } from './absences.tsx'
import { Back } from './back.tsx'
import { Delegations } from './delegations.tsx'
import { PersonData } from './person-data.tsx'
import { PersonHours } from './person-hours.tsx'
import { PersonMoves } from './person-moves.tsx'
import { PersonRoles } from './person-roles.tsx'
import { PersonSkills } from './person-skills.tsx'
import { type Person, personQuery } from './queries.ts'

/** One person: who it is, what he may do and where, when he is there, who acts for him. */
export function PersonPage() {
  const { person: id } = useParams({ from: '/inside/admin/people/$person' })
  const person = useQuery(personQuery(id))
  return (
    <>
      <Back />
      <Loaded of={person}>{(data) => <Whole person={data} />}</Loaded>
    </>
  )
}

function Whole({ person }: { person: Person }) {
  const { t } = useTranslation('organisation')
  const { say, name } = useTitles()
  const now = useNow(60_000)
  const away = person.absences.some(({ from, to }) => Date.parse(from) <= now && now < Date.parse(to))
  return (
    <>
      <PageTitle
        tab={say(person.name)}
        title={
          <Group gap="xs" component="span">
            {say(person.name)}
            <Badge color={person.active ? 'teal' : 'gray'}>{person.active ? t('active') : t('off')}</Badge>
            {away && <Badge color="orange">{t('away')}</Badge>}
          </Group>
        }
      >
        <PersonMoves person={person} />
      </PageTitle>
      <Text size="sm" c="dimmed" mb="sm">
        {person.login} · {name(person.names, person.unit)} · {t('openTasks')} {person.openTasks}
      </Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack>
          <Part title={t('data')}>
            <PersonData person={person} />
          </Part>
          <Part title={t('skills')}>
            <PersonSkills person={person} />
          </Part>
        </Stack>
        <Stack>
          <Part title={t('roles')}>
            <PersonRoles person={person} />
          </Part>
          <Part title={t('absences')}>
            <Absences person={person} />
          </Part>
          <Part title={t('delegations')}>
            <Delegations person={person} />
          </Part>
          <Part title={t('hours')}>
            <PersonHours person={person} />
          </Part>
        </Stack>
      </SimpleGrid>
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={title}>
      <Title order={2} mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  )
}
