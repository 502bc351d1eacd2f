/** The workflow code as one file. Built once: ahead for production, at start in development. */
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import type { Logger } from 'pino'

/** Bundles everything that workflows/index.ts exports. Takes about two seconds. */
export async function bundleWorkflows(logger?: Logger): Promise<string> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const path = (module: string) => fileURLToPath(new URL(`../workflows/${module}.${extension}`, import.meta.url))
  const quiet = () => {}
  const { code } = await bundleWorkflowCode({
    workflowsPath: path('index'),
    // Specifications, bodies and rules are pure and without state: all orders share one copy of them instead of having each their own.
    preloadModules: [path('kit/shared')],
    logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: (m) => logger?.warn(m), error: (m) => logger?.error(m) },
  })
  return code
}
