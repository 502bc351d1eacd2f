// Keeps the console itself on the device: hashed files as they are, the page as it last came. Never an answer of the API.
const CACHE = 'paidan-shell-1'
const PATIENCE_MS = 4000

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate' && !/^\/(api|docs|healthz|readyz|metrics)(\/|$)/.test(url.pathname)) event.respondWith(page(request))
  else if (url.pathname.startsWith('/assets/') || url.pathname === '/favicon.svg') event.respondWith(file(request))
})

async function file(request) {
  const cache = await caches.open(CACHE)
  const found = await cache.match(request)
  if (found) return found
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}

// Every address is the same page: one copy serves all of them.
async function page(request) {
  const cache = await caches.open(CACHE)
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
    if (answer.ok) await cache.put('/', answer.clone())
    return answer
  } catch (error) {
    const found = await cache.match('/')
    if (found) return found
    throw error
  }
}
