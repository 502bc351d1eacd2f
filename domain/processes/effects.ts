/** What a withdrawal can undo, by the name that bodies give it. */
import type { Title } from '../title.ts'
import { t } from './parts.ts'

export const effects = {
  'void-contract': t('作废未签署的合同文本', 'The drafted contract is voided'),
  'void-compensation': t('作废未支付的赔偿', 'The compensation proposed or agreed is voided'),
  'return-customers': t('转入的客户退还原客户经理', 'Customers taken over go back to their former account managers'),
  'release-resources': t('释放预占的电路、端口和号码', 'Circuits, ports and numbers are freed'),
  'refund-payment': t('退还已收款项', 'The money received is refunded'),
} as const satisfies Record<string, Title>
