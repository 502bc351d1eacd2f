/**
 * A whole P-01 as its people would do it over HTTP: visit and solution, a contract that finance objects to and the customer sends back
 * once, works whose acceptance fails twice, a payment that does not match once, the data service switched on, and the file closed.
 */
import { expect } from 'vitest'
import { doStep, ok, someService, type Played, until } from './world.ts'

const AMOUNT = 100_000
const DAY = 86_400_000

/** What a stage works on. */
export interface Route {
  order: string
  visit: string
  solution: string
  contract: string
  construction: string
  activation: string
  circuit: string
  number: string
}

/** Ids of the children follow from those of their parents. */
const routeOf = (order: string, circuit: string, number: string): Route => ({
  order,
  visit: `${order}.visit-customer.1`,
  solution: `${order}.visit-customer.1.argue-solution.1`,
  contract: `${order}.sign-contract.1`,
  construction: `${order}.construct.1`,
  activation: `${order}.activate.1`,
  circuit,
  number,
})

/** A data service asked for in Nanjing, with a circuit and a port that are free. `n` tells routes of one test apart. */
export async function newRoute(world: Played, n = 0): Promise<Route> {
  const { customer, reporter } = await someService(world, undefined)
  const { rows } = await world.db.pool.query<{ id: string; kind: string }>(
    `SELECT r.id, r.kind FROM resource r WHERE r.region_path LIKE '/cn/js/nj%' AND NOT EXISTS (SELECT FROM resource_hold h
       WHERE h.resource_id = r.id AND h.released_at IS NULL) ORDER BY r.kind, r.id`,
  )
  const free = (kind: string): string => rows.filter((row) => row.kind === kind)[n]!.id
  const { status, body } = await world.as(reporter).post<{ order: string }>('/orders', {
    process: 'order-fulfilment',
    customerId: customer,
    title: 'A line for the new branch',
    input: {
      kind: 'new-user',
      channel: '1001',
      reason: 'a new branch office',
      demand: '10 Mbit/s between two offices',
      dataService: true,
      unit: 'nj-branch',
      siteA: 'Zhongshan Road 1',
      siteZ: 'Hexi Avenue 2',
    },
  })
  expect([status, body]).toEqual([201, expect.anything()])
  return routeOf(body.order, free('circuit'), free('number'))
}

type Stage = (world: Played, route: Route) => Promise<void>

/** Several steps of one order, one after the other. */
async function steps(world: Played, order: string, ...done: [string, string, Record<string, unknown>?][]): Promise<void> {
  for (const [step, outcome, form] of done) await doStep(world, order, step, outcome, form)
}

const pays = async (world: Played, route: Route, bankNo: string, amount: number): Promise<void> => {
  const { rows } = await world.db.pool.query<{ id: string }>("SELECT id FROM staff WHERE login = 'finance'")
  const paidAt = new Date().toISOString()
  await ok(world.as(rows[0]!.id).post('/payments', { bankNo: `${bankNo}-${route.order}`, amount, paidAt, reference: route.activation }))
}

/** The chapters in their order; each ends where the next one's first task is open. */
export const stages: readonly (readonly [string, Stage])[] = [
  ['accepted', (world, { order }) => doStep(world, order, 'accept-request', 'new-demand')],
  [
    'visited',
    (world, { visit }) =>
      steps(
        world,
        visit,
        ['contact-customer', 'contacted'],
        ['collect-basic-data', 'collected'],
        ['analyse-needs', 'analysed'],
        ['revisit-customer', 'exchanged'],
        ['decide-intent', 'yes'],
        ['fill-requirement-form', 'filled'],
        ['clarify-needs', 'clarified'],
      ),
  ],
  [
    'argued',
    (world, { solution }) =>
      steps(
        world,
        solution,
        ['study-needs', 'studied'],
        ['decide-checks', 'both'],
        ['survey-resources', 'done'],
        ['analyse-investment', 'done'],
        ['write-feasibility-report', 'written'],
        ['decide-feasibility', 'feasible'],
        ['draft-solution', 'drafted', { solutionValidUntil: Date.now() + 30 * DAY, solutionVersion: 1, amount: AMOUNT }],
        ['argue-solution', 'argued'],
        ['decide-argued', 'passed'],
        ['archive-solution', 'archived'],
      ),
  ],
  [
    'intent signed',
    (world, { visit }) =>
      steps(world, visit, ['submit-solution', 'submitted'], ['decide-satisfied', 'yes'], ['sign-letter-of-intent', 'signed']),
  ],
  [
    'countersigned',
    async (world, { contract }) => {
      const draft = { amount: AMOUNT, termMonths: 12, discountPct: 0, constructionDue: Date.now() + 20 * DAY }
      await steps(
        world,
        contract,
        ['draft-contract', 'drafted', draft],
        ['countersign-business', 'agreed'],
        ['countersign-finance', 'objection', { opinion: 'the payment terms are not ours' }],
        ['draft-contract', 'drafted', draft],
        ['countersign-business', 'agreed'],
        ['countersign-finance', 'agreed'],
        ['customer-review', 'not-satisfied'],
        ['draft-contract', 'drafted', draft],
        ['countersign-business', 'agreed'],
      )
    },
  ],
  [
    'contract signed',
    (world, { contract }) =>
      steps(
        world,
        contract,
        ['countersign-finance', 'agreed'],
        ['customer-review', 'accepted'],
        ['director-review', 'approved-within-authority'],
        ['sign-contract', 'signed', { signedAt: Date.now() }],
        ['archive-contract', 'archived'],
      ),
  ],
  [
    'circuits ready',
    async (world, { order, construction, circuit }) => {
      await doStep(world, order, 'decide-construction', 'needed', { siteA: 'Zhongshan Road 1' })
      await steps(
        world,
        construction,
        ['apply-start', 'granted'],
        ['prepare-circuit', 'ready', { circuits: [circuit] }],
        ['draft-construction-plan', 'submitted'],
      )
    },
  ],
  [
    'built and accepted',
    (world, { construction }) =>
      steps(
        world,
        construction,
        ['build', 'built'],
        ['joint-test', 'passed'],
        ['joint-acceptance', 'not-qualified'],
        ['rectify', 'rectified'],
        ['joint-acceptance', 'not-qualified'],
        ['rectify', 'rectified'],
        ['joint-acceptance', 'qualified'],
        ['archive-construction', 'archived'],
      ),
  ],
  [
    'paid',
    async (world, route) => {
      const { activation, number } = route
      await steps(
        world,
        activation,
        ['circuit-tested', 'passed'],
        ['confirm-activation-date', 'confirmed', { activationDate: Date.now() + DAY }],
        ['fill-confirmation', 'filled'],
        ['hand-to-finance', 'handed'],
      )
      await pays(world, route, 'b1', AMOUNT - 1_000)
      await doStep(world, activation, 'finance-check', 'mismatch')
      await doStep(world, activation, 'recheck', 'rechecked', { amount: AMOUNT })
      await pays(world, route, 'b2', 1_000)
      await until(world, activation, ({ facts }) => facts.paid === AMOUNT, 'the rest has been counted')
      const { rows } = await world.db.pool.query<{ id: string }>(
        `SELECT p.id FROM product p WHERE NOT starts_with(p.id, 'demo') ORDER BY p.id LIMIT 1`,
      )
      await steps(
        world,
        activation,
        ['finance-check', 'match'],
        ['issue-invoice', 'issued'],
        ['enter-customer-data', 'entered', { service: `new-${route.order}`, product: rows[0]!.id, numbers: [number] }],
      )
    },
  ],
  [
    'activated',
    (world, { activation }) =>
      steps(
        world,
        activation,
        ['activate-service', 'activated', { activatedAt: Date.now() }],
        ['notify-departments', 'notified', { units: ['nj-maintenance'] }],
      ),
  ],
  ['settled', (world, { construction }) => doStep(world, construction, 'settle-construction', 'settled')],
  [
    'confirmed',
    (world, { order }) =>
      doStep(world, order, 'notify-activation', 'confirmed', { activationDate: Date.now(), paymentDate: Date.now() + DAY }),
  ],
  ['filed', (world, { order, circuit, number }) => doStep(world, order, 'archive-project', 'archived', { resources: [circuit, number] })],
]

/** Outcomes of an order in the sequence of its history: `step=outcome`. */
export const storyOf = async (world: Played, order: string): Promise<string[]> =>
  (await world.state(order)).journal.flatMap((entry) => ('step' in entry ? [`${entry.step}=${entry.outcome}`] : []))

/** Resources that an order of the tree holds, and how. */
export async function heldBy(world: Played, { order }: Pick<Route, 'order'>): Promise<string[]> {
  const { rows } = await world.db.pool.query<{ is: string }>(
    `SELECT h.state || ' ' || h.resource_id AS "is" FROM resource_hold h WHERE h.released_at IS NULL AND starts_with(h.order_id, $1) ORDER BY 1`,
    [order],
  )
  return rows.map((row) => row.is)
}

/** Ids of the orders of the tree, the parents first. */
export async function treeOf(
  world: Played,
  { order }: Pick<Route, 'order'>,
): Promise<{ id: string; status: string; end: string | null }[]> {
  const { rows } = await world.db.pool.query<{ id: string; status: string; end: string | null }>(
    `SELECT id, status, "end" FROM orders WHERE starts_with(id, $1) ORDER BY length(id), id`,
    [order],
  )
  return rows
}
