import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Sources, fillForm } from '../../../cli/simulate/forms.ts'
import { checkForm } from '../../../domain/order/form.ts'
import type { Fact, FieldSpec, ProcessSpec } from '../../../domain/order/spec.ts'
import { specs } from '../../../domain/processes/index.ts'
import { chance } from '../../../prisma/seed/rows.ts'

const title = { en: '', zh: '' }
const NOW = Date.UTC(2026, 0, 5)

const sources = (facts: Record<string, Fact> = {}): Sources => ({
  facts,
  now: NOW,
  person: () => Promise.resolve({ id: 'st-9', unit: 'u-9' }),
  file: () => Promise.resolve('file-1'),
  customers: () => Promise.resolve(['cu-1', 'cu-2', 'cu-3']),
  resources: () => Promise.resolve(['rs-1', 'rs-2']),
  products: () => Promise.resolve(['sdh']),
  agents: () => Promise.resolve(['agent-1', 'agent-2']),
})

const field = (type: FieldSpec['type'], more: Partial<FieldSpec> = {}): FieldSpec => ({ title, type, required: true, ...more })

describe('filling a form', () => {
  const forms = Object.values<ProcessSpec>(specs).flatMap((spec) =>
    Object.entries(spec.steps).flatMap(([step, { outcomes }]) =>
      Object.entries(outcomes).flatMap(([outcome, { form }]) => (form ? [{ name: `${spec.id} ${step} ${outcome}`, form }] : [])),
    ),
  )

  it.each(forms)('satisfies the rules: $name', async ({ form }) => {
    for (let seed = 0; seed < 50; seed++) {
      const filled = await fillForm(chance(seed), form, sources())
      expect(() => checkForm(form, filled)).not.toThrow()
    }
  })

  it('satisfies the rules whatever the fields', async () => {
    const type = fc.constantFrom<FieldSpec['type']>(
      'text',
      'number',
      'money',
      'instant',
      'boolean',
      'choice',
      'unit',
      'person',
      'file',
      'customers',
    )
    const anyField = fc.record({
      title: fc.constant(title),
      type,
      required: fc.boolean(),
      max: fc.option(fc.integer({ min: 10, max: 5_000 }), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), anyField, { maxKeys: 8 }), fc.nat(), async (fields, seed) => {
        const form = Object.fromEntries(
          Object.entries(fields).map(([name, one]) => [name, one.type === 'choice' ? { ...one, choices: ['a', 'b'] } : one]),
        )
        checkForm(form, await fillForm(chance(seed), form, sources()))
      }),
      { numRuns: 300 },
    )
  })

  it('repeats what the order knows, where the type fits', async () => {
    const form = { amount: field('money'), service: field('text'), kind: field('choice', { choices: ['x', 'y'] }), other: field('number') }
    const filled = await fillForm(chance(1), form, sources({ amount: 12_345, service: 'SV-1', kind: 'z', other: 'text' }))
    expect(filled).toMatchObject({ amount: 12_345, service: 'SV-1' })
    expect(['x', 'y']).toContain(filled.kind)
    expect(filled.other).toBeTypeOf('number')
  })

  it('keeps within the longest text', async () => {
    const filled = await fillForm(chance(2), { note: field('text', { max: 5 }) }, sources({ note: 'far too long' }))
    expect(filled.note).toBe('far t')
  })

  it('fills what another field makes necessary', async () => {
    const form = { openFault: field('boolean'), symptom: field('text', { required: false, requiredWith: 'openFault' }) }
    for (let seed = 0; seed < 100; seed++) {
      const { openFault, symptom } = await fillForm(chance(seed), form, sources())
      if (openFault) expect(symptom).toBeTypeOf('string')
    }
  })

  it('names a person and the unit of that person, or neither where neither is needed', async () => {
    const form = { unit: field('unit', { required: false }), person: field('person', { required: false }) }
    const seen = new Set<string>()
    for (let seed = 0; seed < 100; seed++) {
      const filled = await fillForm(chance(seed), form, sources())
      seen.add(Object.keys(filled).sort().join('+'))
      if (filled.person) expect(filled).toEqual({ unit: 'u-9', person: 'st-9' })
    }
    expect([...seen].sort()).toEqual(['', 'person+unit', 'unit'])
    expect(await fillForm(chance(1), { approvedBy: field('person') }, sources())).toEqual({ approvedBy: 'st-9' })
  })

  it('attaches a file only where one is required', async () => {
    expect(await fillForm(chance(1), { report: field('file') }, sources())).toEqual({ report: 'file-1' })
    for (let seed = 0; seed < 50; seed++)
      expect(await fillForm(chance(seed), { report: field('file', { required: false }) }, sources())).toEqual({})
  })

  it('tries what was refused in another way: an instant of the past, no optional field, another text', async () => {
    const form = { at: field('instant'), extra: field('text', { required: false }), name: field('text') }
    const wrong = new Set(['at', 'extra', 'name'])
    for (let seed = 0; seed < 30; seed++) {
      const first = await fillForm(chance(seed), form, sources({ name: 'same' }))
      const again = await fillForm(chance(seed), form, sources({ name: 'same' }), { wrong })
      expect(first.at).toBeGreaterThan(NOW)
      expect(again.at).toBeLessThan(NOW)
      expect(again).not.toHaveProperty('extra')
      expect([first.name, again.name === 'same']).toEqual(['same', false])
    }
  })
})
