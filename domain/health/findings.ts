/** What a comparison of record and engine can find: a closed list, each with what to do about it. */

interface Text {
  en: string
  zh: string
}

/** `repairs`: the machine does what is to be done by itself; what it could not do stays in the list. */
interface FindingKind {
  title: Text
  todo: Text
  repairs?: true
}

export const findingKinds = {
  'order-without-workflow': {
    title: { en: 'An open order has no workflow', zh: '未结工单没有对应的流程实例' },
    todo: {
      en: 'It is started again from the record. If it stays in the list: npm run rehydrate -- --order <id> says why it cannot be.',
      zh: '系统会按台账重新启动该流程。若仍在列表中，请运行 npm run rehydrate -- --order <工单> 查看原因。',
    },
    repairs: true,
  },
  'workflow-without-order': {
    title: { en: 'A workflow runs for an order that the record does not have', zh: '流程在运行，但台账中没有该工单' },
    todo: {
      en: 'The record is older than the engine (was a backup restored?): npm run recover records its moves. Where its opening was refused over and over, look at the error of its recorder in Temporal, and end it there.',
      zh: '台账比引擎旧（是否恢复过备份？）：运行 npm run recover 补记。若其开单一再被拒绝，请在 Temporal 中查看记录活动的错误并终止该流程。',
    },
  },
  'moves-not-recorded': {
    title: { en: 'The engine has had moves that the record does not have', zh: '引擎中的动作未记入台账' },
    todo: {
      en: 'The record is older than the engine: stop the API and the workers, then npm run recover records them from the histories. Do not rehydrate with --all before.',
      zh: '台账比引擎旧：停止 API 与 worker，运行 npm run recover 由历史补记。在此之前不要运行 rehydrate --all。',
    },
  },
  'workflow-of-ended-order': {
    title: { en: 'A workflow still runs though its order has ended', zh: '工单已结束，但流程仍在运行' },
    todo: {
      en: 'It waits for something that does not come, or came back with an old backup of the engine. If its state in Temporal is behind the record, end it there; nothing is lost by that.',
      zh: '它在等待不会到来的事件，或来自引擎的旧备份。若其在 Temporal 中的状态落后于台账，可在那里终止它，不会丢失任何内容。',
    },
  },
  'parent-not-told': {
    title: { en: 'A parent does not know that its child has ended', zh: '子工单已结束，父工单尚不知情' },
    todo: {
      en: 'It is told. If it stays in the list, look at the workflow of the parent.',
      zh: '系统会通知父工单。若仍在列表中，请查看父工单的流程。',
    },
    repairs: true,
  },
  'child-not-told': {
    title: { en: 'A child goes on though its parent has ended or is being withdrawn', zh: '父工单已结束或正在撤单，子工单仍在进行' },
    todo: { en: 'It is told. If it stays in the list, look at its workflow.', zh: '系统会通知子工单。若仍在列表中，请查看其流程。' },
    repairs: true,
  },
  'order-not-opened': {
    title: { en: 'An order that an ended one was to open is not there', zh: '已结束工单应开出的后续工单不存在' },
    todo: {
      en: 'It is opened. If it stays in the list: npm run rehydrate -- --order <id> says why it cannot be.',
      zh: '系统会开出后续工单。若仍在列表中，请运行 npm run rehydrate -- --order <工单> 查看原因。',
    },
    repairs: true,
  },
  'fact-not-told': {
    title: { en: 'An order was not told that its customer has another account manager', zh: '客户已换客户经理，在途工单尚不知情' },
    todo: { en: 'It is told. If it stays in the list, look at its workflow.', zh: '系统会通知该工单。若仍在列表中，请查看其流程。' },
    repairs: true,
  },
  'task-without-holder': {
    title: { en: 'An open task has neither a holder nor a queue', zh: '未完环节既无处理人也不在任何队列' },
    todo: {
      en: 'A dispatcher gives it to somebody; npm run verify -- --order <id> says whether the row is what the history tells.',
      zh: '由派单员派给处理人；npm run verify -- --order <工单> 可核对该行是否与历史一致。',
    },
  },
  'clock-not-armed': {
    title: { en: 'A due instant passed and nothing fired', zh: '时限已到，但没有触发' },
    todo: {
      en: 'No worker runs, or the workflow fails its tasks (the detail says so): start a worker; with a failing workflow, npm run gate says whether the code fits, and npm run rehydrate -- --order <id> --replace starts it anew.',
      zh: 'worker 未运行，或该流程任务反复失败（见说明）：启动 worker；若流程失败，npm run gate 检查代码是否相符，npm run rehydrate -- --order <工单> --replace 重新启动。',
    },
  },
  'order-stopped': {
    title: {
      en: 'An order has stopped: code and history disagree, or its process threw an error',
      zh: '工单已停：代码与历史不一致，或流程本身出错',
    },
    todo: {
      en: 'Deploy code that fits (or no longer throws), then npm run rehydrate -- --order <id> --replace: it goes on if the code fits, and stays stopped if not. Nothing else moves it; its commands are refused meanwhile.',
      zh: '部署相符（或已修复）的代码，然后执行 npm run rehydrate -- --order <工单> --replace：代码相符则继续，不符则仍停。此前任何操作都被拒绝。',
    },
  },
  'resource-without-order': {
    title: { en: 'A resource is reserved for an order that has ended', zh: '资源仍为已结束的工单预占' },
    todo: {
      en: 'Of an order that came to nothing it is freed. Of another one somebody decides: it is in use, or to be freed.',
      zh: '已撤销工单的资源自动释放；其余由人工决定投入使用或释放。',
    },
    repairs: true,
  },
} as const satisfies Record<string, FindingKind>

export type FindingKindId = keyof typeof findingKinds
export const findingKindIds = Object.keys(findingKinds) as FindingKindId[]

/** One thing that was found. */
export interface Finding {
  kind: FindingKindId
  /** An order, or the workflow where the record has none. */
  subject: string
  detail: string
  /** When it was found first, ISO 8601. */
  since: string
  /** The machine has done what is to be done; the next comparison shows whether it helped. */
  repaired: boolean
}
