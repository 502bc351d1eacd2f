/** The company's units and who works in them; the first person of a unit leads it, and is the superior of the others. */
import type { RoleId } from '../../domain/roles.ts'
import { counties, province } from './regions.ts'

/** office: working hours; on-call: working hours, and nights and weekends in turn; watch: round the clock in shifts. */
export type Duty = 'office' | 'on-call' | 'watch'

export interface Member {
  zh: string
  en: string
  roles: readonly RoleId[]
  /** Login of a demo person; the others log in as given.family. */
  login?: string
}

export interface Unit {
  id: string
  zh: string
  en: string
  kind: string
  region: string
  parent: string | null
  duty: Duty
  members: readonly Member[]
}

const member = (zh: string, en: string, roles: readonly RoleId[], login?: string): Member => ({ zh, en, roles, login })
const unit = (id: string, zh: string, en: string, kind: string, region: string, parent: string | null, duty: Duty, members: Member[]) =>
  ({ id, zh, en, kind, region, parent, duty, members }) satisfies Unit

const nj = '/cn/js/nj'
const sz = '/cn/js/sz'
const [gulou, jiangning, wuzhong, kunshan] = counties

const repairLead = ['maintenance-dept', 'supervisor'] as const
const repair = ['maintenance-dept'] as const

export const units: readonly Unit[] = [
  unit('js-leadership', '省公司领导', 'Provincial leadership', 'leadership', province, null, 'office', [
    member('周建国', 'Zhou Jianguo', ['top-management', 'supervisor']),
    member('沈国华', 'Shen Guohua', ['vp-in-charge', 'top-management', 'supervisor']),
    member('许明远', 'Xu Mingyuan', ['vp-in-charge', 'supervisor'], 'vp'),
  ]),
  unit('js-kac', '省大客户发展中心', 'Provincial key-account centre', 'kac', province, 'js-leadership', 'on-call', [
    member('顾晓峰', 'Gu Xiaofeng', ['kac-director', 'supervisor'], 'director'),
    member('蒋丽萍', 'Jiang Liping', ['kac-director', 'group-dept', 'supervisor']),
    member('陆文涛', 'Lu Wentao', ['kac-staff']),
  ]),
  unit('nj-kac', '南京大客户发展中心', 'Nanjing key-account centre', 'kac', nj, 'js-kac', 'on-call', [
    member('韩志强', 'Han Zhiqiang', ['kac-director', 'supervisor']),
    member('王雅琴', 'Wang Yaqin', ['kac-staff', 'hotline-agent'], 'kac'),
    member('李俊杰', 'Li Junjie', ['kac-staff']),
    member('张慧敏', 'Zhang Huimin', ['kac-staff']),
    member('刘思远', 'Liu Siyuan', ['account-manager', 'customer-rep'], 'manager'),
    member('陈嘉怡', 'Chen Jiayi', ['account-manager', 'customer-rep']),
  ]),
  unit('sz-kac', '苏州大客户发展中心', 'Suzhou key-account centre', 'kac', sz, 'js-kac', 'on-call', [
    member('钱伟民', 'Qian Weimin', ['kac-director', 'supervisor']),
    member('朱婷婷', 'Zhu Tingting', ['kac-staff', 'hotline-agent']),
    member('吴海波', 'Wu Haibo', ['kac-staff']),
    member('徐静', 'Xu Jing', ['kac-staff']),
    member('孙鹏飞', 'Sun Pengfei', ['account-manager', 'customer-rep']),
    member('马晓燕', 'Ma Xiaoyan', ['account-manager', 'customer-rep']),
  ]),
  unit('js-monitor', '省监控中心', 'Provincial monitoring centre', 'monitor', province, 'js-leadership', 'watch', [
    member('何振华', 'He Zhenhua', ['supervisor', 'monitor-centre', 'response-centre'], 'supervisor'),
    member('林小梅', 'Lin Xiaomei', ['monitor-centre']),
    member('高翔', 'Gao Xiang', ['monitor-centre']),
    member('罗艳', 'Luo Yan', ['monitor-centre']),
  ]),
  unit('nj-monitor', '南京监控中心', 'Nanjing monitoring centre', 'monitor', nj, 'js-monitor', 'watch', [
    member('宋立新', 'Song Lixin', ['monitor-centre', 'supervisor']),
    member('梁佳', 'Liang Jia', ['monitor-centre'], 'monitor'),
  ]),
  unit('sz-monitor', '苏州监控中心', 'Suzhou monitoring centre', 'monitor', sz, 'js-monitor', 'watch', [
    member('唐德胜', 'Tang Desheng', ['monitor-centre', 'supervisor']),
    member('冯雪', 'Feng Xue', ['monitor-centre']),
  ]),
  unit('js-maintenance', '省网络维护中心', 'Provincial maintenance centre', 'maintenance', province, 'js-leadership', 'on-call', [
    member('董卫东', 'Dong Weidong', repairLead),
    member('萧山河', 'Xiao Shanhe', repair),
  ]),
  unit('nj-maintenance', '南京网络维护中心', 'Nanjing maintenance centre', 'maintenance', nj, 'js-maintenance', 'on-call', [
    member('程立军', 'Cheng Lijun', repairLead),
    member('曹阳', 'Cao Yang', repair, 'engineer'),
    member('袁浩', 'Yuan Hao', repair),
    member('邓超群', 'Deng Chaoqun', repair),
  ]),
  unit('sz-maintenance', '苏州网络维护中心', 'Suzhou maintenance centre', 'maintenance', sz, 'js-maintenance', 'on-call', [
    member('许建平', 'Xu Jianping', repairLead),
    member('傅强', 'Fu Qiang', repair),
    member('沈佳豪', 'Shen Jiahao', repair),
  ]),
  unit('gulou-maintenance', '鼓楼维护站', 'Gulou maintenance station', 'maintenance', gulou, 'nj-maintenance', 'on-call', [
    member('曾凡', 'Zeng Fan', repairLead),
    member('彭勇', 'Peng Yong', repair),
  ]),
  unit('jiangning-maintenance', '江宁维护站', 'Jiangning maintenance station', 'maintenance', jiangning, 'nj-maintenance', 'on-call', [
    member('吕梁', 'Lü Liang', repairLead),
    member('苏文斌', 'Su Wenbin', repair),
  ]),
  unit('wuzhong-maintenance', '吴中维护站', 'Wuzhong maintenance station', 'maintenance', wuzhong, 'sz-maintenance', 'on-call', [
    member('卢伟', 'Lu Wei', repairLead),
    member('蔡志远', 'Cai Zhiyuan', repair),
  ]),
  unit('kunshan-maintenance', '昆山维护站', 'Kunshan maintenance station', 'maintenance', kunshan, 'sz-maintenance', 'on-call', [
    member('丁国强', 'Ding Guoqiang', repairLead),
    member('魏然', 'Wei Ran', repair),
  ]),
  unit('js-business', '省业务部', 'Business department', 'business', province, 'js-leadership', 'office', [
    member('薛敏', 'Xue Min', ['business-dept', 'business-rep', 'supervisor']),
    member('叶青', 'Ye Qing', ['business-dept', 'business-rep'], 'business'),
  ]),
  unit('js-technical', '省技术部', 'Technical department', 'technical', province, 'js-leadership', 'office', [
    member('阎志明', 'Yan Zhiming', ['technical-dept', 'supervisor']),
  ]),
  unit('js-finance', '省财务部', 'Finance department', 'finance', province, 'js-leadership', 'office', [
    member('余秀兰', 'Yu Xiulan', ['finance-dept', 'supervisor']),
    member('潘丽华', 'Pan Lihua', ['finance-dept'], 'finance'),
  ]),
  unit('js-engineering', '省工程部', 'Engineering department', 'engineering', province, 'js-leadership', 'office', [
    member('杜鹏程', 'Du Pengcheng', ['engineering-dept', 'supervisor']),
  ]),
  unit('js-legal', '省法律事务部', 'Legal department', 'legal', province, 'js-leadership', 'office', [
    member('戴正义', 'Dai Zhengyi', ['lawyer', 'supervisor']),
    member('夏雨晴', 'Xia Yuqing', ['lawyer'], 'lawyer'),
  ]),
  unit('js-response', '省客户响应中心', 'Customer response centre', 'response', province, 'js-leadership', 'on-call', [
    member('钟声', 'Zhong Sheng', ['dispatcher', 'response-centre', 'supervisor']),
    member('汪洋', 'Wang Yang', ['dispatcher', 'response-centre'], 'dispatcher'),
    member('田甜', 'Tian Tian', ['hotline-agent'], 'hotline'),
    member('任小军', 'Ren Xiaojun', ['hotline-agent']),
  ]),
  unit('vendor-yunqiao', '江苏云桥信息技术有限公司', 'Yunqiao Information Technology', 'vendor', province, null, 'on-call', [
    member('姜涛', 'Jiang Tao', ['vendor', 'supervisor'], 'vendor'),
    member('范冰洁', 'Fan Bingjie', ['vendor']),
  ]),
  unit('vendor-tianheng', '南京天衡系统集成有限公司', 'Tianheng System Integration', 'vendor', province, null, 'on-call', [
    member('方圆', 'Fang Yuan', ['vendor', 'supervisor']),
    member('石磊', 'Shi Lei', ['vendor']),
  ]),
  unit('js-audit', '省稽核室', 'Audit office', 'audit', province, 'js-leadership', 'office', [
    member('姚慎之', 'Yao Shenzhi', ['auditor'], 'auditor'),
  ]),
  unit('nj-branch', '南京分公司', 'Nanjing branch', 'branch', nj, 'js-leadership', 'office', [
    member('秦海峰', 'Qin Haifeng', ['branch', 'branch-acceptor', 'supervisor']),
    member('毛晓琳', 'Mao Xiaolin', ['branch'], 'branch'),
  ]),
  // In Suzhou the branch also does what in the province's own city its business department does.
  unit('sz-branch', '苏州分公司', 'Suzhou branch', 'branch', sz, 'js-leadership', 'office', [
    member('江永安', 'Jiang Yongan', ['branch', 'branch-acceptor', 'supervisor']),
    member('顾雨桐', 'Gu Yutong', ['branch', 'business-dept']),
  ]),
  unit('nj-technical', '南京技术支撑中心', 'Nanjing technical support', 'technical', nj, 'js-technical', 'office', [
    member('白建华', 'Bai Jianhua', ['technical-dept', 'supervisor']),
    member('崔晓明', 'Cui Xiaoming', ['technical-dept'], 'technical'),
  ]),
  unit('nj-engineering', '南京工程队', 'Nanjing construction team', 'engineering', nj, 'js-engineering', 'office', [
    member('孟祥瑞', 'Meng Xiangrui', ['engineering-dept', 'supervisor']),
    member('康伟', 'Kang Wei', ['engineering-dept'], 'construction'),
  ]),
  // A second department that answers complaints and suggestions. Last: people are numbered in the sequence of the units.
  unit('js-data', '省数据业务部', 'Data services department', 'business', province, 'js-leadership', 'office', [
    member('侯永军', 'Hou Yongjun', ['business-dept', 'supervisor']),
    member('邹婷', 'Zou Ting', ['business-dept']),
  ]),
  unit('js-market', '省市场部', 'Market department', 'market', province, 'js-leadership', 'office', [
    member('戴志刚', 'Dai Zhigang', ['market-dept', 'supervisor'], 'market'),
    member('阮晓燕', 'Ruan Xiaoyan', ['market-dept']),
    member('金立群', 'Jin Liqun', ['settlement-clerk'], 'settlement'),
    member('汤敏', 'Tang Min', ['settlement-clerk']),
  ]),
  unit('js-dunning', '省催缴中心', 'Dunning centre', 'dunning', province, 'js-leadership', 'office', [
    member('尤海燕', 'You Haiyan', ['dunning-centre', 'supervisor']),
    member('柏青松', 'Bai Qingsong', ['dunning-centre'], 'dunning'),
  ]),
  unit('js-analysis', '省经营分析室', 'Business analysis', 'analysis', province, 'js-leadership', 'office', [
    member('褚文静', 'Chu Wenjing', ['analyst', 'supervisor']),
    member('葛远航', 'Ge Yuanhang', ['analyst'], 'analyst'),
  ]),
  unit('js-group', '省集团客户部', 'Group-customer department', 'group', province, 'js-leadership', 'office', [
    member('施国梁', 'Shi Guoliang', ['group-dept', 'supervisor']),
  ]),
  // Agents are companies of their own: their people see their own bills.
  unit('agent-hongda', '南京宏达通信代理有限公司', 'Hongda Telecom Agency', 'agent', province, null, 'office', [
    member('鲍宏达', 'Bao Hongda', ['agent'], 'agent'),
  ]),
  unit('agent-tongda', '苏州通达分销有限公司', 'Tongda Distribution', 'agent', province, null, 'office', [
    member('费通', 'Fei Tong', ['agent']),
  ]),
]
