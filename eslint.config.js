// The fences of the rooms (docs: who may import whom) as far as one file shows them; .dependency-cruiser.cjs looks at the whole graph.
import temporal from 'eslint-plugin-temporal'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** The plugin's recommended errors. Its warnings are matters of taste, and a warning that nobody must heed is noise. */
const temporalErrors = Object.fromEntries(
  Object.entries(temporal.configs.recommended.rules).filter(([, level]) => (Array.isArray(level) ? level[0] : level) === 'error'),
)
// Takes every bare call for a promise (setHandler returns none); the typed rule below knows.
delete temporalErrors['temporal/workflow-no-floating-promises']
// Looks at a loop's body only, and ours await in the condition: `while ((await order.step('…')) !== 'done');`
delete temporalErrors['temporal/workflow-no-busy-wait']

/** Everything but relative paths and the packages named: an allow-list, so that a new dependency is a decision. */
const onlyPackages = (packages, message) => ({ regex: `^(?!\\.{1,2}/|(?:${packages.join('|')})(?:/|$))`, message })

const imports = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] })

const onlyTypes = {
  regex: '^(\\.\\./)+(activities|api|worker|prisma)/',
  message: 'Only types may come from here (import type).',
  allowTypeImports: true,
}

/** The few files of workflows/ that know Temporal. The same list stands in .dependency-cruiser.cjs. */
const sandboxed = ['workflows/index.ts', 'workflows/kit/shell.ts', 'workflows/kit/shell-*.ts', 'workflows/kit/messages.ts']

const globals = (names, message) => names.map((name) => ({ name, message }))

const hostGlobals = globals(
  [
    ...['process', 'Buffer', 'require', 'module', '__dirname', '__filename', 'global', 'navigator'],
    ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'],
    ...['performance', 'crypto', 'setInterval', 'setImmediate', 'queueMicrotask', 'structuredClone', 'btoa', 'atob'],
    ...['WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics'],
  ],
  'Not in the workflow sandbox, or different on every host: what domain/ and workflows/ compute must be the same on replay.',
)

const pureGlobals = globals(
  ['setTimeout', 'clearTimeout', 'console'],
  'Pure code neither waits nor prints; return what is to happen and let the shell do it.',
)

const syntax = (...rules) => ({ 'no-restricted-syntax': ['error', ...rules.flat()] })

const hostZone = [
  {
    selector:
      'CallExpression[callee.property.name=/^((get|set)(FullYear|Year|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)|getTimezoneOffset|to(Date|Time)String)$/]',
    message: "Depends on the host's time zone; use domain/calendar with an explicit zone, or the UTC methods.",
  },
  {
    selector: 'CallExpression[callee.property.name=/^(toLocale(Date|Time)?String|toLocale(Upper|Lower)Case|localeCompare)$/]',
    message: "Depends on the host's locale and ICU version, so a replay elsewhere may differ; compare with < or format in the caller.",
  },
]

const wallClock = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now'], CallExpression[callee.name='Date']",
    message: 'Time is a parameter here (epoch milliseconds named `now` or `at`).',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is a parameter here (epoch milliseconds named `now` or `at`).',
  },
  {
    selector: "MemberExpression[object.property.name='Now'], MemberExpression[object.name='Temporal'][property.name='Now']",
    message: 'Time is a parameter here (epoch milliseconds named `now` or `at`).',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Chance is a parameter here: the same input must give the same answer on replay.',
  },
]

const validators = [
  {
    selector: "CallExpression[callee.name='setHandler'] Property[key.name='validator'][value.async=true]",
    message:
      'An async validator does not reject the update: it is accepted and the workflow task then fails over and over. Validate synchronously.',
  },
]

const localActivities = [
  {
    selector: "CallExpression[callee.name='proxyLocalActivities']",
    message: 'A local activity commits before the server has accepted the update; use a regular activity on the own task queue.',
  },
]

const races = [
  {
    selector: "MemberExpression[object.name='Promise'][property.name=/^(race|any)$/]",
    message: "Use order.first(…): a bare race leaves the loser's task open and is not in the journal.",
  },
]

// A program hands the whole of process.env to loadConfig; nothing takes a variable out of it by hand.
const environment = [
  {
    selector:
      "MemberExpression > MemberExpression.object[object.name='process'][property.name='env'], VariableDeclarator[id.type='ObjectPattern'] > MemberExpression.init[object.name='process'][property.name='env']",
    message: 'Read the configuration from worker/config: one schema names, checks and redacts every variable.',
  },
]

export default defineConfig(
  { ignores: ['dist/', '.paidan/', 'node_modules/', 'prisma/generated/', 'test/histories/'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-asserted-optional-chain': 'error',
      '@typescript-eslint/restrict-plus-operands': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-restricted-globals': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-debugger': 'error',
      'no-self-compare': 'error',
      'no-unreachable-loop': 'error',
      'no-constant-binary-expression': 'error',
      'no-unsafe-finally': 'error',
      'no-template-curly-in-string': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
      'object-shorthand': 'error',
    },
  },
  {
    files: ['domain/**/*.ts'],
    rules: {
      ...imports(
        onlyPackages(
          ['@noble/hashes', 'temporal-polyfill'],
          'domain/ is pure and goes into the workflow bundle: no node core, no zod, no package outside the allow-list.',
        ),
        {
          regex: '^(\\.\\./)+(prisma|workflows|activities|api|worker|cli|web|test)/',
          message: 'domain/ imports no other room.',
        },
      ),
      'no-restricted-globals': ['error', ...hostGlobals, ...pureGlobals],
      ...syntax(wallClock, hostZone),
    },
  },
  {
    // Bodies talk to `order` alone, so that they run in the explorer, the gate and the simulator too.
    files: ['workflows/**/*.ts'],
    plugins: { temporal },
    rules: {
      ...temporalErrors,
      ...imports(
        onlyPackages(
          [],
          'Bodies and the machine run without Temporal too (explorer, gate, simulator): only domain/ and workflows/. What needs Temporal belongs in workflows/kit/shell.',
        ),
        onlyTypes,
      ),
      'no-restricted-globals': ['error', ...hostGlobals, ...pureGlobals],
      ...syntax(validators, hostZone, localActivities, races, wallClock),
    },
  },
  {
    // The kit makes order.first out of a race.
    files: ['workflows/kit/**/*.ts'],
    rules: syntax(validators, hostZone, localActivities, wallClock),
  },
  {
    // The explorer is a host of its own, outside the sandbox.
    files: ['workflows/kit/explorer.ts'],
    rules: { 'no-restricted-globals': ['error', ...hostGlobals.filter(({ name }) => name !== 'setImmediate'), ...pureGlobals] },
  },
  {
    files: sandboxed,
    rules: {
      ...imports(
        onlyPackages(
          ['@temporalio/workflow', '@temporalio/common'],
          'The shell runs in the sandbox: only domain/ and @temporalio/workflow (zod, node core and databases belong to api/ and activities/).',
        ),
        onlyTypes,
      ),
      'no-restricted-globals': ['error', ...hostGlobals],
      ...syntax(validators, hostZone, localActivities),
    },
  },
  {
    files: ['activities/**/*.ts'],
    rules: imports(
      { regex: '^@temporalio/(worker|client|workflow|testing)(/|$)', message: 'activities/ know @temporalio/activity and common only.' },
      { regex: '^(express|supertest|helmet)(/|$)', message: 'HTTP belongs to api/.' },
    ),
  },
  {
    files: ['api/**/*.ts'],
    rules: imports({
      regex: '^@temporalio/(worker|activity|testing|workflow)(/|$)',
      message: 'api/ talks to Temporal through its one client module.',
    }),
  },
  {
    files: ['activities/**/*.ts', 'api/**/*.ts', 'prisma/**/*.ts'],
    rules: syntax(environment),
  },
  {
    files: ['web/**/*.ts', 'web/**/*.tsx'],
    rules: {
      ...imports({
        regex: '^(\\.\\./)+api/schemas/',
        message: 'Only types may come from here (import type): the schemas themselves would bring zod along.',
        allowTypeImports: true,
      }),
      // A handler of React may be a promise.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
      ...syntax({
        selector: 'CallExpression[callee.name=/^use(Layout)?Effect$/] > ArrowFunctionExpression[expression=true]',
        message: 'What an effect returns is called as its clean-up; put the body in braces.',
      }),
      // TanStack Router's way to another page is a thrown redirect.
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    // Tests reach into anything; a matcher's `any` is bearable there.
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-explicit-any': 'off' },
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], 'no-var': 'error', 'prefer-const': 'error' },
  },
)
