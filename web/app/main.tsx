import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './base.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from '../http/queries.ts'
import { keepReads } from '../offline/keep-reads.ts'
import { preferredLang, startTexts } from '../texts/i18n.ts'
import { router } from './router.tsx'
import { theme, variables } from './theme.ts'

/** The page's nonce: the style sheets that components write are refused without it. */
const nonce = () => document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''

async function main(): Promise<void> {
  // Dialogs hold the page still with a style sheet of their own.
  setNonce(nonce())
  await Promise.all([startTexts(preferredLang()), keepReads().catch(() => undefined)])
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={nonce}>
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

/** What an engineer needs without a connection is fetched once there is time, and kept by the service worker. */
async function keepForLater(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  await navigator.serviceWorker.register('/sw.js')
  await navigator.serviceWorker.ready
  await Promise.all([import('../work/work-page.tsx'), import('../order/order-page.tsx')])
  // What came before the service worker did is not in its cache yet.
  const files = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
  const shell = await caches.open('paidan-shell-1')
  await shell.addAll(['/', ...new Set(files.filter((path) => path.startsWith('/assets/')))])
}

void main().then(() => setTimeout(() => void keepForLater().catch(() => undefined), 2_000))
