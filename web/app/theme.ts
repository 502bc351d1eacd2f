import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const jade: MantineColorsTuple = [
  '#e6f7f5',
  '#cdebe8',
  '#9cd6d1',
  '#68c0ba',
  '#3eaea6',
  '#21a299',
  '#0b8a82',
  '#0b6e6e',
  '#085a5a',
  '#044746',
]

/** Dense, calm, readable in Chinese: the console is looked at all day. */
export const theme = createTheme({
  primaryColor: 'jade',
  primaryShade: { light: 7, dark: 8 },
  colors: { jade },
  autoContrast: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamily:
    '"Inter", "PingFang SC", "Hiragino Sans GB", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "JetBrains Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.35rem' }, h2: { fontSize: '1.1rem' }, h3: { fontSize: '0.95rem' } } },
  components: {
    Badge: { defaultProps: { tt: 'none', variant: 'light', radius: 'sm', fw: 500 } },
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: { centered: true } },
  },
})

const hues = [
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'indigo',
  'grape',
  'gray',
  'jade',
  'cyan',
  'violet',
  'pink',
  'lime',
] as const

/** Texts on a light tint, and what is dimmed, with the contrast that WCAG 2.2 AA asks for in both schemes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-red-filled': 'var(--mantine-color-red-9)',
    '--paidan-page': 'var(--mantine-color-gray-0)',
    '--paidan-line': 'var(--mantine-color-gray-3)',
    ...Object.fromEntries(hues.map((hue) => [`--mantine-color-${hue}-light-color`, `var(--mantine-color-${hue}-9)`])),
    '--mantine-color-yellow-light-color': '#7a4d00',
    '--mantine-color-orange-light-color': '#8f3400',
    '--mantine-color-lime-light-color': '#3f5f0a',
    '--mantine-color-teal-light-color': '#05573e',
    '--mantine-color-green-light-color': '#1d5c28',
    '--mantine-color-cyan-light-color': '#0a4f5c',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-red-filled': 'var(--mantine-color-red-9)',
    '--paidan-page': 'var(--mantine-color-dark-8)',
    '--paidan-line': 'var(--mantine-color-dark-4)',
    '--mantine-primary-color-anchor': 'var(--mantine-color-jade-3)',
    '--mantine-color-anchor': 'var(--mantine-color-jade-3)',
    ...Object.fromEntries(hues.map((hue) => [`--mantine-color-${hue}-light-color`, `var(--mantine-color-${hue}-2)`])),
  },
})
