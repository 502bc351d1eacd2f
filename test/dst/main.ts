/** `npm run dst`: stories by the thousand, without a server. What breaks is told again, as short as it can be. */
import { parseArgs } from 'node:util'
import { processes } from '../../workflows/processes.ts'
import { loadSimulator } from './bundle.ts'
import { report } from './report.ts'

const help = `npm run dst -- --seeds N [--seed S] [--length L] [--only process,…] [--calm] [--tell]

  --seeds    how many stories (1000)
  --seed     the first of them (1); alone: only that one
  --length   numbers in a story: what people, time and faults do (400)
  --only     start orders of these processes alone
  --calm     nothing goes wrong but what people do
  --tell     say what happens`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    length: { type: 'string', default: '400' },
    only: { type: 'string' },
    calm: { type: 'boolean' },
    tell: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}

/** Of so many stories one is written with all rows, and audited. */
const DEEP = 10

const whole = (name: string, text: string): number => {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name} ${text}: give a whole number\n\n${help}`)
  process.exit(2)
}
const first = whole('seed', values.seed ?? '1')
const seeds = whole('seeds', values.seeds ?? (values.seed === undefined ? '1000' : '1'))
const length = whole('length', values.length)
const only = values.only?.split(',')
const unknown = only?.filter((id) => !processes.some(({ spec }) => spec.id === id)) ?? []
if (unknown.length > 0) {
  console.error(`there is no process ${unknown.join(', ')}: choose from ${processes.map(({ spec }) => spec.id).join(', ')}`)
  process.exit(2)
}

const { add, calm, nothingCovered, shrink, storyOf, tell } = await loadSimulator()
const telling = { only, ...(values.calm && { faults: calm }) }
const covered = nothingCovered()
const since = performance.now()
const cpu = process.cpuUsage()
let lastNote = since

for (let seed = first; seed < first + seeds; seed++) {
  const deep = seed % DEEP === 0
  const told = await tell(storyOf(seed, length), { ...telling, deep, ...(values.tell && { says: (line) => console.log(line) }) })
  add(covered, told.covered)
  if (told.broken) {
    await broken(seed, told.broken, deep)
    process.exit(1)
  }
  if (performance.now() - lastNote > 5_000) {
    lastNote = performance.now()
    process.stderr.write(`${seed - first + 1} of ${seeds} seeds, ${covered.moves} moves\n`)
  }
  // Whatever else waits for this process has its turn.
  await new Promise((resolve) => setImmediate(resolve))
}
const { user, system } = process.cpuUsage(cpu)
console.log(
  report(
    covered,
    processes.map(({ spec }) => spec),
    { seeds, ms: performance.now() - since, cpuMs: (user + system) / 1000 },
  ),
)

/** Tells the shortest story that breaks in the same way, and how it becomes a test. */
async function broken(seed: number, what: { what: string; at: number }, deep: boolean): Promise<void> {
  console.log(`seed ${seed}, at ${what.at} of ${length}: ${what.what}\n\nshrinking …`)
  const shrunk = await shrink(storyOf(seed, length), what, { ...telling, deep })
  console.log(`${shrunk.story.length} of ${length} numbers are enough (${shrunk.tries} tries):\n`)
  await tell(shrunk.story, { ...telling, deep, says: (line) => console.log(line) })
  const how = { ...(only && { only }), ...(deep && { deep }) }
  const options = Object.keys(how).length > 0 ? `, ${JSON.stringify(how)}` : ''
  console.log(`
again:    npm run dst -- --seed ${seed} --length ${length}${only ? ` --only ${only.join()}` : ''}${values.calm ? ' --calm' : ''} --tell
as a test (test/dst/stories.test.ts):

  it(${JSON.stringify(shrunk.what)}, () =>
    keeps([${shrunk.story.join(', ')}]${options}))
`)
}
