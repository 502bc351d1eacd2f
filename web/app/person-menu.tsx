import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconLanguage, IconLogout, IconMoon, IconSun } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { changeLang } from '../texts/i18n.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { signOut, useMe } from './session.ts'

const schemes = [
  ['light', IconSun],
  ['dark', IconMoon],
  ['auto', IconDeviceDesktop],
] as const

/** Who one is, the language, the appearance, the way out. */
export function PersonMenu() {
  const { t } = useTranslation()
  const { say } = useTitles()
  const me = useMe()
  const lang = useLang()
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const choose = (other: 'en' | 'zh') => {
    localStorage.setItem('paidan.chosen', '1')
    void changeLang(other)
  }
  const leave = async () => {
    await signOut()
    await navigate({ to: '/login', search: {} })
  }
  return (
    <Menu position="bottom-end" width={220} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton aria-label={t('signedInAs', { name: say(me.name) })} ml={4}>
          <Avatar size={30} radius="xl" color="jade" name={me.name.zh.slice(-2)} alt="">
            {lang === 'zh' ? me.name.zh.slice(-2) : me.name.en.slice(0, 1)}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {say(me.name)}
          </Text>
          {me.roles.map(({ role, title }) => (
            <Text size="xs" key={role}>
              {say(title)}
            </Text>
          ))}
          <Text size="xs">{say(me.unit.name)}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('language')}</Menu.Label>
        {(['zh', 'en'] as const).map((one) => (
          <Menu.Item
            key={one}
            leftSection={<IconLanguage size={16} />}
            onClick={() => choose(one)}
            lang={one === 'zh' ? 'zh-CN' : 'en'}
            fw={one === lang ? 700 : undefined}
          >
            {one === 'zh' ? '简体中文' : 'English'}
          </Menu.Item>
        ))}
        <Menu.Label>{t('theme.label')}</Menu.Label>
        {schemes.map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} />}
            onClick={() => setColorScheme(scheme)}
            fw={scheme === colorScheme ? 700 : undefined}
          >
            {t(`theme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
