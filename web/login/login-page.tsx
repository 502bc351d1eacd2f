import { Alert, Button, Center, Group, Paper, PasswordInput, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signIn } from '../app/session.ts'
import { problemText } from '../parts/problem-text.ts'
import { changeLang } from '../texts/i18n.ts'
import { useLang } from '../texts/use-lang.ts'

export function LoginPage() {
  const { t } = useTranslation(['login', 'common'])
  const lang = useLang()
  const navigate = useNavigate()
  const search = useSearch({ from: '/login' })
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      await signIn(name.trim(), password)
      // Only an address of this console: a link must not lead somebody who signs in elsewhere.
      const then = search.then?.startsWith('/') && !search.then.startsWith('//') && !search.then.startsWith('/login') ? search.then : '/'
      await navigate({ href: then })
    } catch (caught) {
      setError(problemText(caught))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" w={380} maw="100%" component="form" onSubmit={submit}>
        <Stack>
          <Group justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <img src="/favicon.svg" width={40} height={40} alt="" />
              <div>
                <Title order={1} size="h3">
                  {t('common:product')}
                </Title>
                <Text size="xs" c="dimmed">
                  {t('common:slogan')}
                </Text>
              </div>
            </Group>
            <SegmentedControl
              size="xs"
              value={lang}
              onChange={(value) => {
                localStorage.setItem('paidan.chosen', '1')
                void changeLang(value === 'en' ? 'en' : 'zh')
              }}
              data={[
                { value: 'zh', label: '中' },
                { value: 'en', label: 'EN' },
              ]}
              aria-label={t('common:language')}
            />
          </Group>
          {search.ended && !error && <Alert color="yellow">{t('ended')}</Alert>}
          {error && (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          <TextInput
            label={t('login')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
          />
          <PasswordInput
            label={t('password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Button type="submit" loading={busy} fullWidth>
            {t('submit')}
          </Button>
        </Stack>
      </Paper>
    </Center>
  )
}
