/** Schemes that the generator gives its agents: every kind of step and pay once. */
import type { BusinessScheme, CompositeScheme, Scheme } from '../../domain/settlement/scheme.ts'

interface DemoScheme {
  id: string
  zh: string
  en: string
  spec: Scheme
}

const business = (
  id: string,
  zh: string,
  en: string,
  businessType: string,
  rest: Partial<BusinessScheme> & Pick<BusinessScheme, 'tiers'>,
) =>
  ({
    id,
    zh,
    en,
    spec: { nature: 'business', businessType, kind: 'commission', settlements: ['unified', 'special'], range: [], conditions: [], ...rest },
  }) satisfies DemoScheme

const composite = (id: string, zh: string, en: string, schemes: CompositeScheme['schemes']) =>
  ({ id, zh, en, spec: { nature: 'composite', kind: 'commission', schemes } }) satisfies DemoScheme

/** Business schemes before the composite ones that name them. */
export const demoSchemes: readonly DemoScheme[] = [
  business('bs-mobile-months', '移动业务按在网月数', 'Mobile by months on the network', 'mobile', {
    conditions: [
      { variable: 'package', is: 'not-in', value: ['p-trial'] },
      { variable: 'fee', fees: ['rent', 'call', 'data'], is: 'at-least', value: 1_000 },
    ],
    steps: { variable: 'months-on-network' },
    tiers: [
      { from: 0, pay: { fixed: 2_000 } },
      { from: 3, pay: { basisPoints: 525, of: ['rent', 'call'] } },
      { from: 24, pay: { basisPoints: 315, of: ['rent', 'call', 'data'] } },
    ],
    cap: 5_000,
  }),
  business('bs-mobile-volume', '移动业务按代理商用户数', 'Mobile by the agent’s users', 'mobile', {
    conditions: [{ variable: 'package', is: 'not-in', value: ['p-trial'] }],
    steps: { variable: 'agent-users' },
    tiers: [
      { from: 0, pay: { basisPoints: 333, of: ['rent', 'call', 'data'] } },
      { from: 500, pay: { basisPoints: 444, of: ['rent', 'call', 'data'] } },
      { from: 5_000, pay: { basisPoints: 555, of: ['rent', 'call', 'data'] } },
    ],
  }),
  business('bs-broadband', '宽带按费用', 'Broadband by fee', 'broadband', {
    conditions: [{ variable: 'date-on-network', is: 'from', value: '2018-01-01' }],
    steps: { variable: 'fee', fees: ['rent', 'other'] },
    tiers: [
      { from: 1, pay: { fixed: 300 } },
      { from: 3_000, pay: { basisPoints: 1_000, of: ['rent', 'other'] } },
    ],
  }),
  business('bs-fixed', '固话定额', 'Fixed line, a fixed amount', 'fixed', {
    conditions: [{ variable: 'user-region', is: 'in', value: ['/cn/js/nj'] }],
    tiers: [{ from: 0, pay: { fixed: 150 } }],
  }),
  business('bs-cloud', '云业务按代理商费用', 'Cloud by the agent’s fees', 'cloud', {
    range: [{ variable: 'agent-level', is: 'in', value: ['gold', 'silver'] }],
    steps: { variable: 'agent-fees', fees: ['data', 'other'] },
    tiers: [
      { from: 0, pay: { basisPoints: 777, of: ['data', 'other'] } },
      { from: 1_000_000, pay: { basisPoints: 888, of: ['data', 'other'] } },
    ],
  }),
  composite('cs-standard', '标准综合方案', 'Standard', {
    mobile: 'bs-mobile-months',
    broadband: 'bs-broadband',
    fixed: 'bs-fixed',
    cloud: 'bs-cloud',
  }),
  composite('cs-growth', '成长综合方案', 'Growth', {
    mobile: 'bs-mobile-volume',
    broadband: 'bs-broadband',
    fixed: 'bs-fixed',
    cloud: 'bs-cloud',
  }),
  composite('cs-basic', '基本综合方案', 'Basic', { mobile: 'bs-mobile-months', broadband: 'bs-broadband' }),
]
