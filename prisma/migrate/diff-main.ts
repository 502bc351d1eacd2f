import { relative } from 'node:path'
import { writeMigration } from './diff.ts'

try {
  const name = process.argv[2]
  if (!name) throw new Error('A name is missing: npm run db:diff -- add_survey')
  const file = await writeMigration(name)
  console.log(
    file
      ? `${relative(process.cwd(), file)} written. Read it, and add by hand what the schema language has no words for.`
      : 'schema.prisma and the migrations agree: nothing to write',
  )
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
