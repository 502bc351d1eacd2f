/** Every product of the business scope (P-14, 业务范围), those that only the repair-time table names, and one for demonstrations. */
import type { Row } from './rows.ts'

/** Rows of the repair-time table. */
export type ProductGroup = 'bandwidth' | 'voice-centrex' | 'voice-800' | 'e-tong' | 'desk' | 'demo'

export interface Product {
  id: string
  zh: string
  en: string
  /** Category of the scope table. */
  category: string
  group: ProductGroup
  /** The vendor who repairs it. */
  vendor?: string
}

const of = (category: string, group: ProductGroup, rows: readonly (readonly [id: string, zh: string, en: string, vendor?: string])[]) =>
  rows.map(([id, zh, en, vendor]): Product => ({ id, zh, en, category, group, vendor }))

const yunqiao = 'vendor-yunqiao'
const tianheng = 'vendor-tianheng'

export const products: readonly Product[] = [
  ...of('bandwidth/basic-data', 'bandwidth', [
    ['ddn', 'DDN', 'DDN'],
    ['frame-relay', '帧中继', 'Frame relay'],
    ['atm', 'ATM', 'ATM'],
    ['sdh', 'SDH数字电路', 'SDH digital circuit'],
    ['mpls-vpn', 'MPLS-VPN', 'MPLS-VPN'],
  ]),
  ...of('bandwidth/lease', 'bandwidth', [
    ['digital-circuit-lease', '数字电路出租', 'Digital circuit lease'],
    ['satellite-circuit-lease', '卫星电路出租', 'Satellite circuit lease'],
  ]),
  ...of('bandwidth/internet', 'bandwidth', [
    ['xdsl', 'XDSL', 'XDSL'],
    ['lan-terminal', 'LAN终端', 'LAN terminal'],
    ['lan-line', 'LAN专线', 'LAN line'],
  ]),
  ...of('navigator/communication', 'desk', [['switchboard', '总机服务（通信版）', 'Switchboard service (communication edition)']]),
  ...of('navigator/information', 'desk', [
    ['wireless-broadband', '无线宽带', 'Wireless broadband'],
    ['switchboard-information', '总机服务（信息版）', 'Switchboard service (information edition)'],
    ['integrated-office', '综合办公', 'Integrated office'],
    ['customised-terminal', '定制终端', 'Customised terminal'],
  ]),
  ...of('navigator/industry', 'e-tong', [
    ['sales-steward', '销售管家', 'Sales steward', yunqiao],
    ['logistics-e-tong', '物流E通（行业版）', 'Logistics e-Tong (industry edition)', yunqiao],
  ]),
  ...of('navigator/ict', 'desk', [
    ['best-tone-enterprise', '政企号百', 'Best Tone for enterprises'],
    ['global-eye', '全球眼（ICT）', 'Global Eye (ICT)', tianheng],
    ['informatisation-application', '信息化应用', 'Informatisation application', tianheng],
    ['it-service', 'IT服务及应用', 'IT service and application', tianheng],
  ]),
  ...of('converged', 'desk', [
    ['cooperative-communication', '协同通信', 'Cooperative communication'],
    ['push-to-talk', '天翼对讲', 'Tianyi push-to-talk'],
    ['positioning', '位置定位', 'Positioning'],
    ['industry-sms', '行业短信', 'Industry SMS'],
    ['global-eye-mobile', '全球眼（C网）', 'Global Eye (mobile network)', tianheng],
    ['vpdn', 'VPDN', 'VPDN'],
  ]),
  ...of('converged', 'e-tong', [
    ['police-e-tong', '警务E通', 'Police e-Tong', yunqiao],
    ['commerce-e-tong', '工商E通', 'Industry-and-commerce e-Tong', yunqiao],
    ['tobacco-e-tong', '烟草E通', 'Tobacco e-Tong', yunqiao],
    ['logistics-e-tong-mobile', '物流E通（C网）', 'Logistics e-Tong (mobile network)', yunqiao],
  ]),
  ...of('fixed-voice', 'voice-centrex', [
    ['centrex', '虚拟网', 'Centrex virtual network'],
    ['ngn-centrex', 'NGN虚拟网', 'NGN virtual network'],
    ['ring-back-tone', '企业彩铃', 'Enterprise ring-back tone'],
  ]),
  ...of('fixed-voice', 'voice-800', [
    ['800', '800', '800 toll-free number'],
    ['4008', '4008', '4008 shared-cost number'],
  ]),
  // in the repair-time table, not in the scope list
  ...of('hosting', 'desk', [
    ['domain-registration', '域名注册', 'Domain registration'],
    ['virtual-host', '虚拟主机', 'Virtual host'],
    ['host-collocation', '主机托管', 'Host collocation'],
  ]),
  ...of('demo', 'demo', [['demo-line', '演示专线', 'Demo line']]),
]

export const productRows = (): Row[] =>
  products.map((p) => ({
    id: p.id,
    name_zh: p.zh,
    name_en: p.en,
    category: p.category,
    product_group: p.group,
    skill: p.group === 'demo' ? 'bandwidth' : p.group,
    vendor_unit_id: p.vendor ?? null,
  }))
