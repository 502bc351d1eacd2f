import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type Door, MINUTE, MONDAY, openDoor } from './support/door.ts'
import { complete, did, openTask, signed, startOrder } from './support/play.ts'

let door: Door
let director: Caller
let kac: Caller
let customer: string
beforeAll(async () => {
  door = await openDoor()
  director = await door.as('director')
  kac = await door.as('kac')
  const { rows } = await door.db.pool.query("SELECT id FROM customer WHERE region_path = '/cn/js/nj/gulou' ORDER BY id LIMIT 1")
  customer = rows[0].id as string
})
afterAll(() => door.close())

const attach = async (order: string, task: string | undefined, name: string, by = director) => {
  const upload = by.raw('post', `/orders/${order}/attachments`).set('Idempotency-Key', randomUUID())
  const response = await (task === undefined ? upload : upload.field('task', task)).attach('file', Buffer.from(name), name)
  expect(response.status).toBe(201)
  return response.body as { id: string; name: string; task: string | null; version: number | null }
}
const text = (version: number) => `Version ${version}. ${'第一条 服务内容。'.repeat(100)}`
const draft = (version: number, amount = 200_000_000) => ({ text: text(version), amount, termMonths: 24, discountPct: 5 })

/** Drafted; business and the lawyer agree, finance objects; drafted anew and agreed by all; the customer wishes a change; the third is signed. */
async function negotiated() {
  const order = await startOrder(door, 'contract-countersign', {}, { customer })
  const files = [await attach(order, 'draft-contract.1', 'draft-1.txt'), await attach(order, undefined, 'letter.txt')]
  await did(door, order, 'draft-contract', 'drafted', draft(1))
  const business = await signed(door, order, 'countersign-business', 'business', 'agree', 'terms are usual')
  const lawyer = await signed(door, order, 'countersign-business', 'lawyer', 'agree')
  const { task, by: finance } = await openTask(door, order, 'countersign-finance')
  files.push(await attach(order, task, 'finance-1.txt', finance))
  await did(door, order, 'countersign-finance', 'objection', { opinion: 'the discount is too high' })
  files.push(await attach(order, 'draft-contract.2', 'draft-2.txt'), await attach(order, 'draft-contract.1', 'late-for-1.txt'))
  await did(door, order, 'draft-contract', 'drafted', draft(2))
  await signed(door, order, 'countersign-business', 'business', 'agree')
  await signed(door, order, 'countersign-business', 'lawyer', 'agree', `long ${'opinion '.repeat(100)}`)
  await did(door, order, 'countersign-finance', 'agreed')
  await did(door, order, 'customer-review', 'not-satisfied', { answeredBy: 'Ms Wu', wishes: 'a shorter term' })
  await did(door, order, 'draft-contract', 'drafted', draft(3, 50_000_000))
  await signed(door, order, 'countersign-business', 'business', 'agree')
  await signed(door, order, 'countersign-business', 'lawyer', 'agree')
  await did(door, order, 'countersign-finance', 'agreed')
  files.push(await attach(order, (await openTask(door, order, 'customer-review')).task, 'fax.txt'))
  await did(door, order, 'customer-review', 'accepted', { answeredBy: 'Ms Wu' })
  const { by: approver } = await openTask(door, order, 'director-review')
  await did(door, order, 'director-review', 'approved-within-authority', { opinion: 'fine' })
  return { order, contract: `ct-${order}`, business, lawyer, finance, approver, files }
}

describe('a contract', () => {
  it('shows every version, with what each side said about it, the rule of its approval and its files', async () => {
    const { order, contract, business, lawyer, finance, approver, files } = await negotiated()
    const open = (await kac.get(`/contracts/${contract}`)).body
    expect([open.status, open.signedAt, open.archiveNo, open.customer.id]).toEqual(['countersigning', null, null, customer])
    await did(door, order, 'sign-contract', 'signed', { signedAt: '2026-01-05T10:00:00+08:00', signatory: 'Mr Zhao' })
    await did(door, order, 'archive-contract', 'archived', { archiveNo: 'DA-1' })
    const { status, body } = await kac.get(`/contracts/${contract}`)
    expect([status, body.status, body.signedAt, body.archiveNo]).toEqual([200, 'signed', '2026-01-05T02:00:00.000Z', 'DA-1'])
    const [one, two, three] = body.versions
    expect(body.versions.map((v: { version: number; text: string; amount: number }) => [v.version, v.text, v.amount])).toEqual([
      [1, text(1), 200_000_000],
      [2, text(2), 200_000_000],
      [3, text(3), 50_000_000],
    ])
    const short = (list: { party: string | null; answer: string; opinion: string | null; by: string }[]) =>
      list.map(({ party, answer, opinion, by }) => [party, answer, opinion, by])
    expect(short(one.opinions)).toEqual([
      ['business', 'agree', 'terms are usual', business.id],
      ['lawyer', 'agree', null, lawyer.id],
      [null, 'objection', 'the discount is too high', finance.id],
    ])
    expect([one.customerAnswers, one.approvals, one.signing]).toEqual([[], [], []])
    expect(two.opinions[1].opinion).toBe(`long ${'opinion '.repeat(100)}`)
    expect(short(two.customerAnswers)).toMatchObject([[null, 'not-satisfied', 'a shorter term', expect.any(String)]])
    expect(two.customerAnswers[0].form.answeredBy).toBe('Ms Wu')
    expect(three.customerAnswers).toMatchObject([{ answer: 'accepted', step: 'customer-review' }])
    expect(three.approvals).toMatchObject([
      { answer: 'approved-within-authority', opinion: 'fine', by: approver.id, rule: expect.stringMatching(/^kac-director-\w+@1$/) },
    ])
    expect(
      three.signing.map(({ answer, form }: { answer: string; form: Record<string, string> }) => [answer, form.signatory ?? form.archiveNo]),
    ).toEqual([
      ['signed', 'Mr Zhao'],
      ['archived', 'DA-1'],
    ])
    for (const { unit, at, title } of [...one.opinions, ...three.approvals])
      expect([typeof unit, at, typeof title.zh]).toEqual(['string', new Date(MONDAY).toISOString(), 'string'])
    expect(body.names[one.opinions[0].unit]).toBeDefined()
    expect(body.names[finance.id]).toBeDefined()
    // Files go by what was on the table when they came.
    const versions = Object.fromEntries(files.map(({ name, version }) => [name, version]))
    expect(versions).toEqual({
      'draft-1.txt': 1,
      'letter.txt': null,
      'finance-1.txt': 1,
      'draft-2.txt': 2,
      'late-for-1.txt': 1,
      'fax.txt': 3,
    })
    expect(body.versions.map((v: { files: { name: string }[] }) => v.files.map(({ name }) => name).sort())).toEqual([
      ['draft-1.txt', 'finance-1.txt', 'late-for-1.txt'],
      ['draft-2.txt'],
      ['fax.txt'],
    ])
    const listed = async (query: string) =>
      (await kac.get(`/orders/${order}/attachments${query}`)).body.items.map((f: { name: string }) => f.name).sort()
    expect(await listed('?version=1')).toEqual(['draft-1.txt', 'finance-1.txt', 'late-for-1.txt'])
    expect(await listed('?task=draft-contract.1')).toEqual(['draft-1.txt', 'late-for-1.txt'])
    expect(await listed('?task=draft-contract.1&version=2')).toEqual([])
    expect(await listed('')).toHaveLength(6)
    expect((await kac.get(`/orders/${order}/attachments?version=0`)).body.errors).toMatchObject([{ field: 'version' }])
  })

  it('beyond the director’s authority names the rule that sent it up, and who approved it then', async () => {
    const order = await startOrder(door, 'contract-countersign', { countersign: 'serial' }, { customer })
    await did(door, order, 'draft-contract', 'drafted', draft(1, 900_000_000))
    await signed(door, order, 'countersign-business', 'business', 'agree')
    await signed(door, order, 'countersign-business', 'lawyer', 'agree')
    await did(door, order, 'countersign-finance', 'agreed')
    await did(door, order, 'customer-review', 'accepted', { answeredBy: 'Ms Wu' })
    expect((await complete(door, order, 'director-review', 'approved-within-authority')).body.code).toBe('OVER_AUTHORITY')
    await did(door, order, 'director-review', 'over-authority')
    await did(door, order, 'leadership-approve', 'approved')
    const { body } = await kac.get(`/contracts/ct-${order}`)
    expect(body.versions[0].approvals).toMatchObject([
      { step: 'director-review', answer: 'over-authority', rule: expect.stringMatching(/^kac-director-/) },
      { step: 'leadership-approve', answer: 'approved', rule: null },
    ])
  })

  it('whose signers are silent says so', async () => {
    const order = await startOrder(door, 'contract-countersign', {}, { customer })
    await did(door, order, 'draft-contract', 'drafted', draft(1))
    await signed(door, order, 'countersign-business', 'lawyer', 'object', 'clause 3')
    const { body } = await kac.get(`/contracts/ct-${order}`)
    expect(
      body.versions[0].opinions.map(({ party, answer, at }: { party: string; answer: string; at: string }) => [party, answer, at]),
    ).toEqual([
      ['business', null, null],
      ['lawyer', 'object', new Date(MONDAY).toISOString()],
    ])
  })
})

describe('contracts', () => {
  it('are listed by customer and status, as far as the customer is in sight', async () => {
    const { body } = await kac.get(`/contracts?customer=${customer}&status=signed`)
    expect(body.items.length).toBeGreaterThan(0)
    expect(
      body.items.every((one: { customer: { id: string }; status: string }) => one.customer.id === customer && one.status === 'signed'),
    ).toBe(true)
    const { rows } = await door.db.pool.query(
      "SELECT id FROM contract WHERE customer_id IN (SELECT id FROM customer WHERE region_path LIKE '/cn/js/sz%')",
    )
    const mine = (await kac.get('/contracts?limit=200')).body.items.map(({ id }: { id: string }) => id) as string[]
    const hidden = rows.map(({ id }) => id as string).filter((id) => !mine.includes(id))
    expect(hidden.length).toBeGreaterThan(0)
    for (const id of hidden.slice(0, 3))
      expect([(await kac.get(`/contracts/${id}`)).status, (await director.get(`/contracts/${id}`)).status]).toEqual([404, 200])
    expect((await (await door.as('vendor')).get(`/contracts/${hidden[0]}`)).status).toBe(403)
    expect((await kac.get('/contracts?status=lost')).body.code).toBe('VALIDATION_FAILED')
  })

  it('come in pages', async () => {
    const first = (await director.get('/contracts?limit=7')).body
    const second = (await director.get(`/contracts?limit=7&cursor=${first.page.next}`)).body
    const numbers = [...first.items, ...second.items].map(({ no }: { no: string }) => no)
    expect(new Set(numbers).size).toBe(14)
  })

  it('that came with the data have their text and nothing said', async () => {
    const { rows } = await door.db.pool.query(
      'SELECT contract_id FROM contract_version WHERE order_id IS NULL ORDER BY contract_id LIMIT 1',
    )
    const { body } = await director.get(`/contracts/${rows[0].contract_id}`)
    expect(body.versions).toMatchObject([{ version: 1, order: null, opinions: [], approvals: [], files: [] }])
    expect(body.services.length).toBeGreaterThan(0)
  })
})

describe('a solution', () => {
  const validUntil = MONDAY + 600 * MINUTE
  const drafted = (version: number) => ({
    target: 'A to Z',
    content: `Lines of version ${version}. ${'双路由。'.repeat(150)}`,
    amount: 1_000_000 * version,
    solutionValidUntil: new Date(validUntil).toISOString(),
    solutionVersion: version,
  })
  let order: string
  let id: string
  beforeAll(async () => {
    order = await startOrder(door, 'solution-argumentation', { demand: 'two sites' }, { customer })
    id = `so-${order}`
    await did(door, order, 'study-needs', 'studied', { findings: 'f', modelId: 'sm-two-sites' })
    await did(door, order, 'decide-checks', 'none')
    await did(door, order, 'decide-feasibility', 'feasible')
    for (const [version, finance] of [
      [1, 'object'],
      [2, 'agree'],
    ] as const) {
      await did(door, order, 'draft-solution', 'drafted', drafted(version))
      const { rows } = await door.db.pool.query(
        "SELECT task FROM task WHERE order_id = $1 AND step = 'argue-solution' AND closed_at IS NULL",
        [order],
      )
      await attach(order, rows[0].task as string, `minutes-${version}.txt`)
      await signed(door, order, 'argue-solution', 'centre', 'agree')
      await signed(door, order, 'argue-solution', 'technical', 'agree', `round ${version}`)
      await signed(door, order, 'argue-solution', 'finance', finance)
      await did(door, order, 'decide-argued', finance === 'agree' ? 'passed' : 'failed', finance === 'agree' ? {} : { reason: 'too dear' })
    }
    await did(door, order, 'archive-solution', 'archived', { class: 'line' })
    // As a visit leaves it (P-02 rule 2).
    await door.db.pool.query(
      "UPDATE solution_version SET shown_at = $2, shown_by = $3, answer = 'yes', answered_at = $2 WHERE solution_id = $1 AND version = 2",
      [id, new Date(MONDAY), kac.id],
    )
  })

  it('shows its versions, the votes on each, what the customer saw and answered, and how long it holds', async () => {
    const { status, body } = await kac.get(`/solutions/${id}`)
    const at = new Date(MONDAY).toISOString()
    expect([status, body.status, body.valid, body.validUntil, body.model, body.class]).toEqual([
      200,
      'approved',
      true,
      new Date(validUntil).toISOString(),
      { id: 'sm-two-sites', name: '两点数字电路专线' },
      'line',
    ])
    expect(body.versions).toMatchObject([
      { version: 1, content: drafted(1).content, amount: 1_000_000, verdict: 'failed', shown: null, answer: null },
      { version: 2, content: drafted(2).content, verdict: 'passed', shown: { at, by: kac.id }, answer: { answer: 'yes', at } },
    ])
    const votes = body.versions.map((v: { votes: { step: string; party: string; answer: string; opinion: string }[] }) =>
      v.votes.map(({ step, party, answer, opinion }) => [party ?? step, answer, opinion]),
    )
    expect(votes).toEqual([
      [
        ['centre', 'agree', null],
        ['finance', 'object', null],
        ['technical', 'agree', 'round 1'],
        ['decide-argued', 'failed', 'too dear'],
      ],
      [
        ['centre', 'agree', null],
        ['finance', 'agree', null],
        ['technical', 'agree', 'round 2'],
        ['decide-argued', 'passed', null],
      ],
    ])
    expect(body.versions.map((v: { files: { name: string }[] }) => v.files.map(({ name }) => name))).toEqual([
      ['minutes-1.txt'],
      ['minutes-2.txt'],
    ])
    door.now.value = validUntil + 1
    expect((await kac.get(`/solutions/${id}`)).body.valid).toBe(false)
    expect((await kac.get(`/solutions?customer=${customer}&status=approved`)).body.items).toMatchObject([{ id, versions: 2, valid: false }])
    door.now.value = MONDAY
  })

  it('is there for whom its customer is in sight', async () => {
    await door.db.pool.query(
      `UPDATE solution SET customer_id = (SELECT id FROM customer c WHERE region_path = '/cn/js/sz/kunshan'
         AND NOT EXISTS (SELECT 1 FROM service s WHERE s.customer_id = c.id AND s.region_path LIKE '/cn/js/nj%') ORDER BY id LIMIT 1)`,
    )
    expect([(await kac.get(`/solutions/${id}`)).status, (await director.get(`/solutions/${id}`)).status]).toEqual([404, 200])
    expect((await kac.get('/solutions')).body.items).toEqual([])
    expect((await director.get('/solutions/nothing')).status).toBe(404)
  })
})
