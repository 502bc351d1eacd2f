/**
 * Who may import whom. Two passes over the same rooms (npm run arch):
 *
 *   (default)            every import, with `import type` told apart: the table of rooms, edge by edge, each row a closed list
 *   ARCH_GRAPH=runtime   only what is left after compilation: what a room reaches over any number of steps
 *
 * The second pass exists because reachability can't tell types apart, and because an edge that is both a type and a value import
 * must not pass as a type.
 */
const runtime = process.env.ARCH_GRAPH === 'runtime'

/** The files of workflows/ that know Temporal. The same list stands in eslint.config.js. */
const shell = '^workflows/(index|kit/shell|kit/shell-[a-z]+)[.]ts$'
const messages = '^workflows/kit/messages[.]ts$'
const config = '^worker/config(/|[.]ts$)'
/** Calls on a Temporal client that is handed in, for whoever brings orders back. */
const engineCalls = '^worker/engine/'
const types = ['type-only']
const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`
/** Any package, any module of Node: the room has no list of its own. */
const anyPackage = ['(^|/)node_modules/', '^[a-z0-9_/]+$', '^node:']

/** `room` may import (also at run time) `allowed`; the types of `allowedTypes` too; nothing else. */
const room = (name, path, allowed, allowedTypes, comment) => [
  {
    name: `${name}-imports`,
    comment,
    severity: 'error',
    from: { path },
    to: { pathNot: [path, ...allowed], dependencyTypesNot: types },
  },
  {
    name: `${name}-imports-types`,
    comment,
    severity: 'error',
    from: { path },
    to: { pathNot: [path, ...allowed, ...allowedTypes], dependencyTypes: types },
  },
]

const edges = [
  ...room(
    'domain',
    '^domain/',
    [npm('@noble/hashes', 'temporal-polyfill')],
    [],
    'The rules are pure: no IO, no zod, no Temporal, no other room. They run in workflows, in the console and in the auditor alike.',
  ),
  ...room(
    'workflows',
    '^workflows/',
    ['^domain/', npm('@temporalio/workflow', '@temporalio/common')],
    ['^activities/'],
    'Workflows are bundled into the sandbox: domain, @temporalio/workflow, and of the activities only the types.',
  ),
  {
    name: 'workflows-shell-alone-knows-temporal',
    comment: 'Bodies and the machine also run in the explorer, the gate and the simulator.',
    severity: 'error',
    from: { path: '^workflows/', pathNot: [shell, messages] },
    to: { path: '(^|/)node_modules/@temporalio/' },
  },
  ...room(
    'activities',
    '^activities/',
    ['^domain/', '^prisma/', config, ...anyPackage],
    [],
    'Activities know the rules, the record and adapters; neither HTTP nor the worker that runs them.',
  ),
  {
    name: 'activities-packages',
    comment: 'HTTP belongs to api/; workers, clients and workflow code belong elsewhere.',
    severity: 'error',
    from: { path: '^activities/' },
    to: {
      path: npm(
        'express',
        'helmet',
        'swagger-ui-dist',
        '@temporalio/worker',
        '@temporalio/client',
        '@temporalio/workflow',
        '@temporalio/testing',
      ),
    },
  },
  ...room(
    'api',
    '^api/',
    ['^domain/', '^prisma/', '^workflows/', config, engineCalls, ...anyPackage],
    [],
    'The door: rules, record, configuration; of the workflows types, messages and what runs without Temporal (second pass).',
  ),
  {
    name: 'api-packages',
    comment: 'The API talks to Temporal as a client.',
    severity: 'error',
    from: { path: '^api/' },
    to: {
      path: npm('@temporalio/worker', '@temporalio/activity', '@temporalio/workflow', '@temporalio/testing'),
      dependencyTypesNot: types,
    },
  },
  {
    name: 'api-one-client',
    comment: 'One module owns the Temporal client: deadlines, retries and error codes are decided there.',
    severity: 'error',
    from: { path: '^api/', pathNot: '^api/engine[.]ts$' },
    to: { path: npm('@temporalio/client'), dependencyTypesNot: types },
  },
  ...room(
    'worker',
    '^worker/',
    ['^domain/', '^activities/', '^prisma/', ...anyPackage],
    ['^workflows/'],
    'The engine room takes workflows by path and starts the API as a program of its own.',
  ),
  ...room('worker-config', config, anyPackage, [], 'A leaf, so that api, worker, activities, prisma and cli can all read it.'),
  ...room(
    'worker-engine',
    engineCalls,
    ['^domain/', '^prisma/recovery/', ...anyPackage],
    [],
    'A leaf like the configuration: the API, the worker and the operator have one way of bringing orders back.',
  ),
  ...room(
    'prisma',
    '^(prisma/|prisma[.]config[.]ts$)',
    ['^domain/', config, ...anyPackage],
    [],
    'The record knows the rules and nothing above it.',
  ),
  {
    name: 'prisma-packages',
    comment: 'The record has neither HTTP nor Temporal in it.',
    severity: 'error',
    from: { path: '^prisma/' },
    to: { path: npm('express', '@temporalio') },
  },
  ...room(
    'cli',
    '^cli/',
    ['^api/', '^domain/', '^prisma/', '^workflows/', config, ...anyPackage],
    [],
    "Terminal programs use the API's services, the rules, the record and what of the workflows runs without Temporal (second pass).",
  ),
  ...room('web', '^web/', ['^domain/', '^api/schemas/', '(^|/)node_modules/'], [], 'The console talks HTTP only.'),
  {
    name: 'nobody-imports-test',
    comment: 'Test support is not part of the product.',
    severity: 'error',
    from: { pathNot: ['^test/', '^vitest[.]config[.]ts$'] },
    to: { path: '^test/' },
  },
  {
    name: 'nobody-imports-cli',
    comment: 'A terminal program is an end, not a library: what is shared belongs to a service.',
    severity: 'error',
    from: { pathNot: ['^cli/', '^test/'] },
    to: { path: '^cli/' },
  },
  {
    name: 'no-cycles',
    comment: 'A cycle has no order of initialisation. Types may point back.',
    severity: 'error',
    from: { pathNot: '^prisma/generated/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: types } },
  },
  {
    name: 'resolvable',
    comment: 'An import that leads nowhere: a typing mistake, a missing package, or `npx prisma generate` has not been run.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'declared',
    comment: 'Import only what package.json declares: a package that is there by chance goes by chance.',
    severity: 'error',
    from: { pathNot: '(^|/)node_modules/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '(^|/)node_modules/@types/' },
  },
  {
    name: 'no-development-packages',
    comment: 'Production runs without devDependencies.',
    severity: 'error',
    from: { path: '^(domain|workflows|activities|api|worker|prisma|cli)/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: types, pathNot: '(^|/)node_modules/@types/' },
  },
]

const reach = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to: { ...to, reachable: true } })

const reachability = [
  reach(
    'domain-reaches',
    { path: '^domain/' },
    { pathNot: ['^domain/', npm('@noble/hashes', 'temporal-polyfill')] },
    'Over any number of steps the rules reach only themselves and their two packages.',
  ),
  reach(
    'workflows-reach',
    { path: '^workflows/' },
    { pathNot: ['^(domain|workflows)/', npm('@noble/hashes', '@temporalio/workflow', '@temporalio/common')] },
    'Whatever a workflow reaches is bundled, into every cached order: no Node core, database, HTTP or activity; no calendar (the recorder has it).',
  ),
  reach(
    'programs-reach-no-shell',
    { path: '^(api|cli|activities|prisma|worker)/' },
    { path: shell },
    'Workflow code runs in the sandbox alone: elsewhere types, the messages, or what of workflows/ runs without Temporal. The worker has a path.',
  ),
  reach(
    'config-is-a-leaf',
    { path: config },
    { path: '^(domain|workflows|activities|api|prisma|cli|web|test|worker)/', pathNot: config },
    'A program that reads its configuration must not load another.',
  ),
  reach(
    'product-reaches-no-test',
    { path: '^(domain|workflows|activities|api|worker|prisma|cli)/' },
    { path: '^test/' },
    'Not even around a corner.',
  ),
]

module.exports = {
  forbidden: runtime ? reachability : edges,
  options: {
    tsPreCompilationDeps: !runtime,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^prisma/generated/'] },
    exclude: { path: ['^(dist|[.]paidan|coverage)/', '^test/histories/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
}
