/** What simulated people write: so that an order reads like one, whatever language its reader has. */
import type { Random } from './view.ts'
import { oneOf } from './view.ts'

const sentences = [
  '已现场处理，业务恢复正常。',
  '已与客户电话确认，客户同意。',
  '已按要求核实，情况属实。',
  '资料齐全，同意办理。',
  'Checked on site; everything is in order.',
  'The customer was called and agrees.',
]

/** By process, or by the first process of an order's tree: a child has its title from there. */
const titles: Readonly<Record<string, readonly string[]>> = {
  'order-fulfilment': ['新增一条互联网专线，100 Mb/s', '分支机构组网需求', '机房搬迁，电路同步迁移', 'New leased line to the second site'],
  'customer-visit': ['季度走访', '新项目启动前走访', 'Visit before the contract ends'],
  'solution-argumentation': ['双路由接入方案', '视频会议专网方案', 'Backup route for the main site'],
  'contract-countersign': ['专线续约合同', '云网融合服务合同', 'Contract for two leased lines'],
  construction: ['楼内光缆布放', '新增机柜与光端机安装', 'Fibre into the new building'],
  'service-activation': ['总机增开分机号码', '短信群发业务开通', 'Switchboard numbers for the new floor'],
  'data-service-activation': ['互联网专线开通', '点对点电路开通', 'Activation of a 1 Gb/s line'],
  'return-visit': ['业务开通后回访', '故障处理后回访', 'Call after the repair'],
  complaint: ['故障修复超时，客户不满', '账单金额有异议', '多次报障未解决', 'Nobody came at the agreed time'],
  'customer-transfer': ['客户经理调岗，移交客户', 'Accounts of a manager who leaves'],
  suggestion: ['希望提供网络质量月报', '建议增加自助查询渠道', 'Send bills as a table, please'],
  'fault-level-1': ['专线中断，营业网点全部停业', '总部出口中断', 'All lines of the data centre are down'],
  'fault-level-2': ['电路误码，视频会议卡顿', '单个网点无法上网', 'Packets are lost in the evening'],
  'graded-fault': ['互联网专线中断', '专线时断时续', '电话只能呼入', 'No light on the port'],
  'credit-review': ['申请提高信用额度', 'Credit after a year without arrears'],
  'arrears-dunning': ['两个月账单未缴', '本月账单逾期', 'Bill of the last month is open'],
  'network-leave': ['客户拟转投其他运营商', 'Office closes, lines are given up'],
  retention: ['合同到期前挽留', '话务量下降，主动联系', 'Offer before the contract ends'],
  'customer-maintenance': ['节日关怀', '重要客户季度维系', 'Yearly review with the customer'],
  'abnormal-customer-tracking': ['话费突增核实', '流量骤降核实', 'Calls at night have doubled'],
}

const people = ['陈立', '赵敏', '孙海燕', '李建国', '周晓东', 'Zhao Min', 'Lin Wei']
const places = ['中山路 18 号 3 楼机房', '软件大道 66 号 A 座', '园区苏虹路 9 号', 'Building B, 12 Hanzhong Road']

/** By the field's name, or its ending. */
const texts: readonly (readonly [RegExp, readonly string[]])[] = [
  [/phone$/i, ['025-84210018', '0512-62880066', '13851400018', '18951620027']],
  [/contact$|person$|by$|^reporter$|^complainant$|^signatory$|^met$|^shownTo$|^asked$/i, people],
  [/^participants$/, ['陈立、赵敏', '孙海燕，李建国，周晓东']],
  [/^address$|^site[AZ]$|^place$/, places],
  [/No$|^confirmation$|^alarm$/, ['2026-0117', '2026-0342', 'B-20877', 'K-5510']],
  [/^symptom$/, ['端口无光', '时延高，丢包约 8%', '业务全部中断', 'No light on the port', 'Packets are lost']],
  [/cause$/i, ['市政施工挖断光缆', '光模块老化', '用户侧停电', 'A digger cut the cable']],
  [
    /demand|needs?$|^request$|^wishes$|^target$/i,
    ['两点间 100 Mb/s 专线，月底前开通', '总部与 5 个网点组网', 'A second route for the data centre'],
  ],
  [/solution|proposal|^plan$|scheme/i, ['双路由接入，主备自动切换', '新布放 24 芯光缆 1.2 km', 'Two routes, switched by themselves']],
  [/terms|clause/i, ['按季度后付，逾期按日加收千分之一', '中断每满一小时减免当月月租费的百分之一', 'Paid by the quarter']],
  [/equipment|circuits|numbersWanted/i, ['光端机 2 台、路由器 1 台', '千兆端口 2 个', 'One router, two modules']],
  [/test/i, ['15 分钟误码测试为零，时延 3 ms', 'No errors in 15 minutes, delay 3 ms']],
  [/reason|grounds|purpose/i, ['客户提出', '资料有误，需重新核对', '工作安排调整', 'Asked for by the customer']],
  [/repair|handling|result|works|^log$/i, ['更换端口并测试，误码为零', '光缆已熔接，业务恢复', 'The card was replaced and tested']],
]

/** What a text field is filled with. */
export const wordsFor = (random: Random, field: string): string =>
  oneOf(random, texts.find(([names]) => names.test(field))?.[1] ?? sentences)!

/** A sentence for a note, an opinion, a reason. */
export const sentence = (random: Random): string => oneOf(random, sentences)!

/** A title for an order of a process; its own where nobody would think of another. */
export const titleFor = (random: Random, { id, title }: { id: string; title: { zh: string } }): string =>
  oneOf(random, titles[id] ?? [title.zh])!
