import { defineConfig } from 'prisma/config'

// Read by the `prisma` program alone. Paidan itself takes its settings from worker/config and applies migrations with prisma/migrate.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
})
