import { buildConsole } from './console.ts'

console.log(`console: ${await buildConsole()}`)
