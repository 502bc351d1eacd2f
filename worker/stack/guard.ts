/**
 * Loaded before the programs that the stack starts. The message channel to the stack closes when the stack is gone, however it
 * went: then the program must not stay behind, working on servers that nobody looks after.
 */
const GRACE = 20_000

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), GRACE).unref()
})
// A listener would otherwise keep a program alive that has nothing more to do.
process.channel?.unref()

export {}
