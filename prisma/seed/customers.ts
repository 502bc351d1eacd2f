/** Forty customers over the five grades, with contacts, contracts, sites, and three services each. */
import { people } from './organisation.ts'
import { products } from './products.ts'
import { cityOf, counties, regions } from './regions.ts'
import { chance, pad, type Row } from './rows.ts'

export type CustomerGrade = 'group' | 'province' | 'local-a' | 'local-b' | 'local-c'

const of = (grade: CustomerGrade, rows: readonly (readonly [zh: string, en: string, ...tags: string[]])[]) =>
  rows.map(([zh, en, ...tags]) => ({ zh, en, grade, tags }))

const names = [
  ...of('group', [
    ['华东电力调度公司', 'East China Power Dispatching', 'industry'],
    ['远洋航运集团江苏公司', 'Ocean Shipping Group Jiangsu', 'industry'],
    ['中联石化江苏分公司', 'Zhonglian Petrochemical Jiangsu'],
    ['泰和人寿保险江苏分公司', 'Taihe Life Insurance Jiangsu', 'high-end-cluster'],
  ]),
  ...of('province', [
    ['江苏省农村信用联社', 'Jiangsu Rural Credit Union', 'industry'],
    ['江苏省气象信息中心', 'Jiangsu Meteorological Information Centre', 'industry'],
    ['江苏高速公路联网公司', 'Jiangsu Expressway Network'],
    ['江苏省疾控信息中心', 'Jiangsu Disease Control Information Centre'],
    ['江苏广电传输公司', 'Jiangsu Broadcasting Transmission', 'brand'],
    ['江苏省税务数据中心', 'Jiangsu Tax Data Centre', 'industry'],
  ]),
  ...of('local-a', [
    ['南京钟山商业银行', 'Nanjing Zhongshan Commercial Bank', 'industry', 'high-end-cluster'],
    ['苏州太湖商业银行', 'Suzhou Taihu Commercial Bank', 'high-end-cluster'],
    ['南京金陵证券', 'Nanjing Jinling Securities', 'high-end-cluster'],
    ['苏州工业物流园', 'Suzhou Industrial Logistics Park', 'industry'],
    ['南京市公安局江宁分局', 'Nanjing Public Security, Jiangning', 'industry'],
    ['昆山精密电子', 'Kunshan Precision Electronics', 'brand'],
    ['南京长江医院', 'Nanjing Yangtze Hospital', 'industry'],
    ['苏州吴中烟草公司', 'Suzhou Wuzhong Tobacco', 'industry'],
    ['南京软件谷服务公司', 'Nanjing Software Valley Services', 'brand'],
    ['昆山出口加工区', 'Kunshan Export Processing Zone', 'high-end-cluster'],
  ]),
  ...of('local-b', [
    ['南京秦淮酒店集团', 'Nanjing Qinhuai Hotels', 'brand'],
    ['苏州古城旅游公司', 'Suzhou Old Town Tourism'],
    ['江宁职业技术学院', 'Jiangning Vocational College'],
    ['吴中医药连锁', 'Wuzhong Pharmacy Chain', 'brand'],
    ['昆山汽车零部件', 'Kunshan Auto Parts'],
    ['南京鼓楼连锁超市', 'Nanjing Gulou Supermarkets', 'brand'],
    ['苏州丝绸进出口', 'Suzhou Silk Import and Export'],
    ['南京地下空间建设', 'Nanjing Underground Construction'],
    ['昆山冷链物流', 'Kunshan Cold Chain', 'industry'],
    ['苏州环境监测公司', 'Suzhou Environmental Monitoring'],
  ]),
  ...of('local-c', [
    ['南京明德律师事务所', 'Nanjing Mingde Law Office'],
    ['江宁绿源农业', 'Jiangning Lüyuan Agriculture'],
    ['吴中建筑设计', 'Wuzhong Architects'],
    ['昆山海鲜批发', 'Kunshan Seafood Wholesale'],
    ['鼓楼印刷厂', 'Gulou Printing Works'],
    ['江宁家具城', 'Jiangning Furniture Market'],
    ['太湖渔港旅社', 'Taihu Harbour Inn'],
    ['昆山模具加工', 'Kunshan Mould Works'],
    ['南京晨光幼儿园', 'Nanjing Chenguang Kindergarten'],
    ['苏州评弹茶馆', 'Suzhou Pingtan Teahouse', 'brand'],
  ]),
]

/** Fen, by grade: what a contract is about worth. */
const worth: Readonly<Record<CustomerGrade, number>> = {
  group: 480_000_000,
  province: 260_000_000,
  'local-a': 96_000_000,
  'local-b': 24_000_000,
  'local-c': 4_800_000,
}

const families = ['陈 Chen', '王 Wang', '李 Li', '赵 Zhao', '周 Zhou', '吴 Wu', '郑 Zheng', '徐 Xu', '孙 Sun', '胡 Hu']
const givens = ['明 Ming', '丽 Li', '建军 Jianjun', '秀英 Xiuying', '伟 Wei', '芳 Fang', '志刚 Zhigang', '敏 Min', '海燕 Haiyan', '磊 Lei']
const split = (text: string) => text.split(' ') as [string, string]
const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T

const customers = names.map((name, i) => {
  const region = pick(counties, i)
  const city = cityOf(region)
  return { ...name, n: i + 1, key: pad(i + 1, 3), id: `cu-${pad(i + 1, 3)}`, region, city, contract: `co-${pad(i + 1, 3)}` }
})
type Customer = (typeof customers)[number]

const nameOf = (path: string) => regions.find((r) => r.path === path) as (typeof regions)[number]
const staffOf = (city: string, role: string) => people.filter((p) => p.unit.region === city && p.roles.some((r) => r === role))

export const customerRows = (): Row[] =>
  customers.map((c) => ({
    id: c.id,
    no: `KA${pad(c.n, 5)}`,
    name_zh: c.zh,
    name_en: c.en,
    grade: c.grade,
    tags: c.tags,
    region_path: c.region,
    account_manager_id: pick(staffOf(c.city, 'account-manager'), c.n >> 2).id,
    address: `${nameOf(c.city).name_zh}${nameOf(c.region).name_zh}中山路${c.n * 6}号`,
    phone: `${c.city.endsWith('nj') ? '025' : '0512'}-5550-${pad(c.n, 4)}`,
  }))

/** One contact each, the first twenty two; the first is told. */
export function contactRows(): Row[] {
  const next = chance(11)
  return customers.flatMap((c) =>
    Array.from({ length: c.n <= 20 ? 2 : 1 }, (_, i) => {
      const [familyZh, familyEn] = split(pick(families, Math.floor(next() * families.length)))
      const [givenZh, givenEn] = split(pick(givens, Math.floor(next() * givens.length)))
      return {
        id: `ct-${c.key}-${i + 1}`,
        customer_id: c.id,
        name_zh: familyZh + givenZh,
        name_en: `${familyEn} ${givenEn}`,
        position: i === 0 ? '信息主管' : '综合办公室',
        phone: `139-0000-${pad(c.n * 10 + i, 4)}`,
        email: `contact${i + 1}@customer${c.key}.example`,
        is_primary: i === 0,
        lang: c.n % 8 === 0 ? 'en' : 'zh',
      }
    }),
  )
}

/** Three of five have a clause, so that both ways to a compensation (P-12 decide-clause) are walked. */
const clauseOf = (c: Customer) => (c.n % 5 < 3 ? '服务中断每满一小时，按当月月租费的百分之一减免，每月以月租费的百分之三十为限。' : null)

const amountOf = (c: Customer) => worth[c.grade] + c.n * 10_000
const drafterOf = (c: Customer) => pick(staffOf(c.city, 'kac-staff'), c.n).id
const signedAt = (c: Customer) => Date.UTC(2025, c.n % 12, 1 + (c.n % 27), 2)

export const contractRows = (): Row[] =>
  customers.map((c) => ({
    id: c.contract,
    no: `HT-2025-${pad(c.n, 4)}`,
    customer_id: c.id,
    title: `${c.zh}通信服务合同`,
    status: 'signed',
    amount: amountOf(c),
    term_months: pick([12, 24, 36], c.n),
    due_date: new Date(signedAt(c) + 90 * 86_400_000).toISOString().slice(0, 10),
    activation_clause: '自验收合格之日起计费。',
    compensation_clause: clauseOf(c),
    signed_at: new Date(signedAt(c)).toISOString(),
    archive_no: `DA-2025-${pad(c.n, 4)}`,
    drafted_by: drafterOf(c),
  }))

export const contractVersionRows = (): Row[] =>
  customers.map((c) => ({
    contract_id: c.contract,
    version: 1,
    order_id: null,
    text: `甲方：${c.zh}\n乙方：江苏省公司大客户发展中心\n一、乙方向甲方提供本合同附件所列通信服务。\n二、${clauseOf(c) ?? '服务中断的补偿由双方另行协商，签订协议。'}`,
    amount: amountOf(c),
    discount_pct: pick([0, 5, 8, 10], c.n),
    drafted_by: drafterOf(c),
    at: new Date(signedAt(c) - 7 * 86_400_000).toISOString(),
  }))

/** Every fourth customer has a second site, in the other county of its city. */
const sites = customers.flatMap((c) => {
  const other = counties.find((county) => county !== c.region && cityOf(county) === c.city) as string
  return [c.region, ...(c.n % 4 === 0 ? [other] : [])].map((region, i) => ({ customer: c, id: `si-${c.key}-${i + 1}`, region, i }))
})

export const siteRows = (): Row[] =>
  sites.map(({ customer: c, id, region, i }) => ({
    id,
    customer_id: c.id,
    name_zh: `${c.zh}${i === 0 ? '总部' : '分部'}`,
    name_en: `${c.en}, ${i === 0 ? 'head office' : 'branch'}`,
    region_path: region,
    address: `${nameOf(c.city).name_zh}${nameOf(region).name_zh}${i === 0 ? '中山路' : '人民路'}${c.n * 6 + i}号`,
  }))

/** Offsets into the list of products that give every product three different customers. */
const OFFSETS = [0, 13, 27]

export function serviceRows(): Row[] {
  return customers.flatMap((c) =>
    OFFSETS.map((offset, i) => {
      const product = pick(products, c.n - 1 + offset)
      const own = sites.filter((site) => site.customer === c)
      const site = pick(own, i)
      const bandwidth = product.group === 'bandwidth' || product.group === 'demo'
      return {
        id: `sv-${c.key}-${i + 1}`,
        no: `${c.city.slice(-2).toUpperCase()}-${product.id.toUpperCase()}-${pad(c.n, 3)}`,
        customer_id: c.id,
        product_id: product.id,
        site_id: site.id,
        region_path: site.region,
        circuit_grade: bandwidth ? pick(['A', 'B', 'C'], c.n + i) : null,
        status: 'active',
        contract_id: c.contract,
        has_standby: bandwidth && (c.n + i) % 3 < 2,
      }
    }),
  )
}
