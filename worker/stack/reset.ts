import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { holderOf, leftOverOf } from './lock.ts'
import { movedFolder } from './postgres-files.ts'

/** What the stack and its programs put into their folder; one of these must be there before anything is removed. */
const ours = ['stack.lock', 'ports.json', 'postgres', 'temporal', 'logs', 'attachments']

/**
 * Removes all local data. Stops nothing.
 *
 * @param home PAIDAN_HOME
 * @returns folders removed; none when there was nothing
 * @throws Error when the folder is in use, or holds nothing of ours
 */
export function reset(home: string): string[] {
  if (!existsSync(home)) return []
  const holder = holderOf(home)
  if (holder)
    throw new Error(`${home} is in use by process ${holder.pid}, since ${holder.since}. Stop it first: Ctrl-C there, or kill ${holder.pid}`)
  const left = leftOverOf(home)
  if (left.length > 0) {
    const list = left.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ')
    throw new Error(
      `A start that was killed has left these running: ${list}. Stop them first: npm start does it, or kill ${left.map(({ pid }) => pid).join(' ')}`,
    )
  }
  const found = readdirSync(home)
  if (found.length > 0 && !found.some((name) => ours.includes(name))) {
    throw new Error(`${home} holds nothing of Paidan's. Is PAIDAN_HOME right? Nothing was removed.`)
  }
  const moved = movedFolder(join(home, 'postgres'))
  const folders = moved ? [moved, home] : [home]
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  return folders
}
