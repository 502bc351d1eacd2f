/**
 * Runs one of our programs as a child of the stack: `child <module> [arguments]`.
 *
 * The message channel to the stack closes when the stack is gone, however it went: then the program must not stay behind, working
 * on servers that nobody looks after. An entry and not a module named by --import, because threads of the program inherit those.
 */
import { pathToFileURL } from 'node:url'

const GRACE = 20_000

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), GRACE).unref()
})
// A listener would otherwise keep a program alive that has nothing more to do.
process.channel?.unref()

process.argv.splice(1, 1)
await import(pathToFileURL(process.argv[1] as string).href)
