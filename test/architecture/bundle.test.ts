import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, type BundleOptions } from '@temporalio/worker'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plant, root } from '../support/planted.ts'

/**
 * What may go into every cached order. The first row is the SDK and what it needs itself (an empty workflow bundles exactly these);
 * the second is ours. A package more costs memory per order, so it is a decision: zod alone is half a megabyte.
 */
const sdk = ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc']
const ours = ['@noble/hashes']

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0]
interface Stats {
  compilation: { modules: Iterable<{ nameForCondition(): string | null }> }
}

/** Files that a workflow bundle holds. */
async function bundledFiles(workflowsPath: string): Promise<string[]> {
  const files = new Set<string>()
  const collect = (stats: Stats) => {
    for (const module of stats.compilation.modules) {
      const file = module.nameForCondition()
      if (file) files.add(file)
    }
  }
  const plugin = {
    apply: (compiler: { hooks: { done: { tap(name: string, use: (stats: Stats) => void): void } } }) =>
      compiler.hooks.done.tap('collect', collect),
  }
  const silent = () => {}
  await bundleWorkflowCode({
    workflowsPath,
    logger: { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent },
    webpackConfigHook: (config: WebpackConfig) => ({ ...config, plugins: [...(config.plugins ?? []), plugin] }),
  })
  return [...files]
}

const packagesIn = (files: string[]): string[] => {
  const names = files.map((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]).filter((name) => name !== undefined)
  return [...new Set(names)].sort()
}

describe('the workflow bundle', () => {
  it('holds no package outside the allow-list, and of our rooms only domain/ and workflows/', async () => {
    const files = await bundledFiles(fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)))
    expect(packagesIn(files).filter((name) => !sdk.includes(name) && !ours.includes(name))).toEqual([])
    const own = files.filter((file) => file.startsWith(root) && !file.includes('/node_modules/'))
    expect(own.length).toBeGreaterThan(10)
    expect([...new Set(own.map((file) => file.slice(root.length).split('/')[0] ?? ''))].sort()).toEqual(['domain', 'workflows'])
  })

  it('sees a package that somebody adds, and allows no more than the SDK needs', async () => {
    const planted = plant({
      'bare.ts': "import { sleep } from '@temporalio/workflow'\nexport const bare = async () => sleep(1)",
      'zod.ts': "import { z } from 'zod'\nexport const fat = async () => z.string().parse('')",
    })
    try {
      expect(packagesIn(await bundledFiles(join(planted.dir, 'bare.ts')))).toEqual(sdk)
      expect(packagesIn(await bundledFiles(join(planted.dir, 'zod.ts')))).toEqual([...sdk, 'zod'].sort())
    } finally {
      planted.remove()
    }
  })
})
