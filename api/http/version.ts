import { readFileSync } from 'node:fs'

/** The product's version; beside the sources or, after a build, one folder further up. */
export function version(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { version: string }).version
    } catch {
      // Not here.
    }
  }
  return '0.0.0'
}
