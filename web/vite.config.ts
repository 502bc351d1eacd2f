import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `PAIDAN_API` names the running API for `vite dev web`. */
const api = process.env.PAIDAN_API ?? 'http://127.0.0.1:3000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The API puts a fresh nonce in its place with every page (api/http/console.ts).
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A picture written into a style sheet would be refused by the content-security policy.
    assetsInlineLimit: 0,
    manifest: true,
  },
  server: { proxy: { '/api': api, '/docs': api } },
})
