/**
 * Completes package-lock.json after `npm install`: node .ci/complete-lock.mjs
 *
 * npm silently leaves optional packages of other platforms out of the lock when the registry at hand does not carry them; `npm ci`
 * then calls the lock incomplete, and other platforms would miss the package. An entry needs no integrity to be complete.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'sunos', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64']

/** Optional packages that the lock names and does not hold: `[path of the package that names it, name, version]`. */
export function missing({ packages }) {
  const found = new Map()
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!holds(packages, path, name)) found.set(name, [path, name, version])
    }
  }
  return [...found.values()]
}

/** As Node looks for a package: beside the one that names it, then one level up, to the root. */
function holds(packages, path, name) {
  const levels = path.split('/node_modules/')
  for (let depth = levels.length; depth >= 0; depth--) {
    const base = depth === 0 ? '' : `${levels.slice(0, depth).join('/node_modules/')}/`
    if (packages[`${base}node_modules/${name}`]) return true
  }
  return false
}

function entryFor(lock, path, name, version) {
  const words = name.slice(name.indexOf('/') + 1).split('-')
  const os = words.find((word) => systems.includes(word))
  const cpu = words.find((word) => processors.includes(word))
  if (!os || !cpu || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`${name}@${version} (of ${path}) is missing and is no package of one platform; run npm install again`)
  }
  const libc = words.includes('musl') ? ['musl'] : words.some((word) => word.startsWith('gnu')) ? ['glibc'] : undefined
  const { dev, license, engines } = lock.packages[path]
  return {
    version,
    cpu: [cpu],
    ...(dev && { dev }),
    ...(libc && { libc }),
    ...(license && { license }),
    optional: true,
    os: [os],
    ...(engines && { engines }),
  }
}

function complete(file) {
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  const added = missing(lock)
  for (const [path, name, version] of added) lock.packages[`node_modules/${name}`] = entryFor(lock, path, name, version)
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
  console.log(added.length > 0 ? `added ${added.map(([, name]) => name).join(', ')}` : 'complete')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) complete(process.argv[2] ?? 'package-lock.json')
