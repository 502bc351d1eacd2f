/** Roles of catalogue section 0.4, with the product's user group that each belongs to. */
import type { Title } from './title.ts'

export type RoleGroup = 'dispatcher' | 'engineer' | 'supervisor' | 'external' | 'system' | 'auditor'

const role = (zh: string, en: string, ...groups: RoleGroup[]) => ({ title: { zh, en }, groups })

export const roles = {
  customer: role('大客户', 'Customer', 'external'),
  'customer-liaison': role('集团客户联络人', 'Customer liaison', 'external'),
  'hotline-agent': role('大客户热线', 'Hotline agent', 'dispatcher'),
  dispatcher: role('派单员', 'Dispatcher', 'dispatcher'),
  'kac-staff': role('大客户发展中心工作人员', 'Key-account centre staff', 'dispatcher', 'engineer'),
  'customer-rep': role('客户代表', 'Customer representative', 'engineer'),
  'account-manager': role('客户经理', 'Account manager', 'engineer'),
  'kac-director': role('大客户发展中心总监', 'Director of the key-account centre', 'supervisor'),
  'group-dept': role('集团客户部', 'Group-customer department', 'supervisor'),
  'business-dept': role('业务部门', 'Business department', 'engineer'),
  'business-rep': role('业务代表', 'Business representative', 'engineer'),
  'technical-dept': role('技术部门', 'Technical department', 'engineer'),
  'finance-dept': role('财务部门', 'Finance department', 'engineer'),
  lawyer: role('律师', 'Lawyer', 'engineer'),
  'engineering-dept': role('工程部门', 'Engineering department', 'engineer'),
  'maintenance-dept': role('维护部门', 'Maintenance department', 'engineer'),
  'monitor-centre': role('监控中心', 'Monitoring centre', 'dispatcher'),
  'response-centre': role('客户响应中心', 'Customer response centre', 'dispatcher', 'supervisor'),
  branch: role('分公司', 'Branch company', 'engineer'),
  'branch-acceptor': role('分公司现场验收人员', 'Branch acceptance officer', 'engineer'),
  'product-manager': role('产品经理', 'Product manager', 'dispatcher'),
  'design-institute': role('售前设计院', 'Design institute', 'engineer'),
  vendor: role('应用厂家', 'Vendor', 'engineer'),
  'vp-in-charge': role('分管副总', 'Deputy general manager in charge', 'supervisor'),
  'top-management': role('公司领导', 'Top management', 'supervisor'),
  'dunning-centre': role('催缴中心', 'Dunning centre', 'engineer'),
  'market-dept': role('市场部', 'Market department', 'dispatcher'),
  agent: role('代理商', 'Agent', 'external'),
  'settlement-clerk': role('结算人员', 'Settlement clerk', 'engineer'),
  analyst: role('分析人员', 'Analyst', 'engineer'),
  'marketing-staff': role('营销人员', 'Marketing staff', 'engineer'),
  'dept-manager': role('处室经理', 'Office manager', 'supervisor'),
  'hq-system': role('总部系统', 'Head-office platform', 'system'),
  supervisor: role('上级主管领导', 'Supervisor', 'supervisor'),
  'centre-leader': role('班组长', 'Centre leader', 'supervisor'),
  'network-dept': role('网络部', 'Network department', 'engineer'),
  'vpn-service-manager': role('VPN服务经理', 'VPN service manager', 'engineer'),
  'store-keeper': role('库管', 'Store keeper', 'engineer'),
  partner: role('合作伙伴', 'Partner', 'external'),
  'visited-province': role('漫游地支撑系统', 'Visited province', 'system', 'dispatcher'),
  'home-province': role('会员归属地支撑系统', 'Home province', 'system', 'dispatcher'),
  system: role('系统', 'System', 'system'),
  auditor: role('稽核', 'Auditor', 'auditor'),
} as const satisfies Record<string, { title: Title; groups: RoleGroup[] }>

export type RoleId = keyof typeof roles

/** True for an id of catalogue section 0.4. */
export const isRole = (id: string): id is RoleId => Object.hasOwn(roles, id)

/** True when one of the roles belongs to the user group. Unknown roles belong to none. */
export const inGroup = (ids: readonly string[], group: RoleGroup): boolean =>
  ids.some((id) => isRole(id) && (roles[id].groups as readonly RoleGroup[]).includes(group))
