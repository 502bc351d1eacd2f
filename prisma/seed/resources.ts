/** Circuits, ports and numbers of every city and county, and the solution models that come with the product. */
import { regions } from './regions.ts'
import { pad, type Row } from './rows.ts'

export type ResourceKind = 'circuit' | 'port' | 'number'

/** How many of each kind a region has, and the letters of their numbers. */
const stock: readonly { kind: ResourceKind; letter: string; count: number; products: readonly (string | null)[] }[] = [
  { kind: 'circuit', letter: 'C', count: 160, products: ['sdh', 'mpls-vpn', 'digital-circuit-lease', 'lan-line'] },
  { kind: 'port', letter: 'P', count: 120, products: [null] },
  { kind: 'number', letter: 'N', count: 80, products: ['centrex', '800', '4008', 'switchboard'] },
]

/** Every so manyth is out of use: a fibre that is broken, a port that is kept back. */
const BLOCKED_EVERY = 40

/** NJ, NJ-GULOU: the path below the province, in capitals. */
const short = (path: string) => path.split('/').slice(3).join('-').toUpperCase()

export const resourceRows = (): Row[] =>
  regions
    .filter(({ level }) => level !== 'province')
    .flatMap(({ path }) =>
      stock.flatMap(({ kind, letter, count, products }) =>
        Array.from({ length: count }, (_, i) => {
          const no = `${short(path)}-${letter}${pad(i + 1, 4)}`
          return {
            id: `re-${no.toLowerCase()}`,
            no,
            kind,
            region_path: path,
            product: products[i % products.length] ?? null,
            blocked: (i + 1) % BLOCKED_EVERY === 0,
          }
        }),
      ),
    )

const model = (id: string, name: string, customerType: string, product: string, content: string): Row => ({
  id: `sm-${id}`,
  name,
  customer_type: customerType,
  product,
  content,
  order_id: null,
  at: '2025-01-06T01:00:00.000Z',
})

/** The library of solution models (方案模型, Unicom 4.3.1) as it is delivered. */
export const solutionModelRows = (): Row[] => [
  model('two-sites', '两点数字电路专线', 'industry', 'sdh', '甲乙两端各一台光端机，155M SDH电路一条，主备路由分开；客户侧以太网接口。'),
  model(
    'branches',
    '多分支MPLS-VPN组网',
    'high-end-cluster',
    'mpls-vpn',
    '总部双上联，各分支单上联，按业务分三级服务质量；地址规划由客户提供。',
  ),
  model('internet', '楼宇互联网专线', 'brand', 'lan-line', '光纤到楼，100M对等带宽，公网地址八个；可加流量监测。'),
  model('switchboard', '虚拟总机', 'brand', 'centrex', '集团短号、总机应答与分机转接；号码沿用或由本局分配。'),
  model('hotline', '客户服务热线', 'industry', '4008', '4008号码一个，按时段与地区分流到各坐席，附月度话务报告。'),
]
