import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/long-first.ts'

// Calendars carry their zone; whatever asks the host for one must at least find the same on every machine.
process.env.TZ = 'UTC'

/** What needs no server, so that `npm run test:pure` answers in seconds. A file that does need one is named *.servers.test.ts. */
const pure = [
  'test/{domain,explorer,architecture,support,dst}/**/*.test.ts',
  'test/workflows/kit/**/*.test.ts',
  'test/worker/config/**/*.test.ts',
]
const needsServers = 'test/**/*.servers.test.ts'

export default defineConfig({
  test: {
    // Forks: the native core of Temporal and worker threads of the runner end in a segmentation fault.
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    allowOnly: false,
    passWithNoTests: false,
    reporters: [process.env.CI ? 'dot' : 'default', './test/support/summary-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'pure', include: pure, exclude: [needsServers] } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['test/**/*.test.ts'],
          // A pattern of the other project is excluded here, unless the file says that it needs a server.
          exclude: pure.map((pattern) => pattern.replace('*.test.ts', '!(*.servers).test.ts')),
          globalSetup: './test/support/global-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
