/** What facts are called that come to an order without a form of its own: from the customer's record, another order, the bank. */
import type { FieldSpec } from './order/spec.ts'
import type { Title } from './title.ts'

type Known = Pick<FieldSpec, 'title' | 'type'>

const fact = (type: FieldSpec['type'], zh: string, en: string): Known => ({ type, title: { zh, en } })

const facts: Readonly<Record<string, Known>> = {
  accountManager: fact('person', '客户经理', 'Account manager'),
  amount: fact('money', '金额', 'Amount'),
  activatedAt: fact('instant', '开通时间', 'Time of activation'),
  bankNo: fact('text', '银行流水号', "Bank's number"),
  circuitGrade: fact('text', '电路等级', 'Grade of the circuit'),
  circuits: fact('resources', '电路', 'Circuits'),
  contract: fact('text', '合同', 'Contract'),
  contractClause: fact('text', '赔偿条款', 'Clause on compensation'),
  creditClass: fact('choice', '信用等级', 'Class of credit'),
  creditLimit: fact('money', '信用额度', 'Limit of credit'),
  customerGrade: fact('text', '客户等级', 'Grade of the customer'),
  department: fact('unit', '市场部门', 'Market department'),
  farBranch: fact('unit', '对端分公司', 'Branch of the far end'),
  fromVisit: fact('text', '来源回访', 'Return visit that it came from'),
  letterOfIntent: fact('text', '意向书编号', 'Letter of intent'),
  paid: fact('money', '已收合计', 'Received in all'),
  previous: fact('person', '原客户经理', 'Account manager before'),
  product: fact('text', '产品', 'Product'),
  productGroup: fact('text', '产品类别', 'Group of the product'),
  received: fact('money', '本次收到', 'Received'),
  repeatOf: fact('texts', '此前的工单', 'Earlier orders'),
  repeats: fact('number', '期内重复次数', 'Repeats within the days of the rule'),
  retest: fact('boolean', '整改后先重测', 'Test again after a rectification'),
  service: fact('text', '业务', 'Service'),
  site: fact('text', '地点', 'Site'),
  skill: fact('text', '所需技能', 'Skill that it takes'),
  solution: fact('text', '方案', 'Solution'),
  solutionValidUntil: fact('instant', '方案有效期至', 'Solution valid until'),
  solutionVersion: fact('number', '方案版本', 'Version of the solution'),
  tags: fact('texts', '客户标签', 'Tags of the customer'),
  termMonths: fact('number', '合同期限（月）', 'Term in months'),
  testReport: fact('text', '联调报告', 'Test report'),
  unit: fact('unit', '单位', 'Unit'),
}

/** Nothing where it is not known. */
export const knownFact = (name: string): Known | undefined => (Object.hasOwn(facts, name) ? facts[name] : undefined)

const t = (zh: string, en: string): Title => ({ zh, en })

/** Rows of the repair-time table: groups of products, which are skills too. */
const groups: Readonly<Record<string, Title>> = {
  bandwidth: t('带宽型业务', 'Bandwidth'),
  'voice-centrex': t('虚拟网语音', 'Centrex voice'),
  'voice-800': t('800/4008 语音', '800 and 4008 voice'),
  'e-tong': t('E 通业务', 'E-Tong'),
  desk: t('7×24 受理台', 'Desk around the clock'),
  demo: t('演示', 'Demonstration'),
}

const values: Readonly<Record<string, Readonly<Record<string, Title>>>> = {
  productGroup: groups,
  skill: groups,
  tags: {
    brand: t('品牌政企客户', 'Brand customer'),
    industry: t('行业客户', 'Industry customer'),
    'high-end-cluster': t('高端聚类客户', 'High-end cluster'),
  },
}

/** What a value of such a fact is called; nothing where it is not one of a few. */
export const knownValue = (name: string, value: string): Title | undefined =>
  Object.hasOwn(values, name) && Object.hasOwn(values[name]!, value) ? values[name]![value] : undefined
