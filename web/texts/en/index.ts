import { board } from './board.ts'
import { command } from './command.ts'
import { common } from './common.ts'
import { customer } from './customer.ts'
import { form } from './form.ts'
import { health } from './health.ts'
import { login } from './login.ts'
import { newOrder } from './new-order.ts'
import { notifications } from './notifications.ts'
import { offline } from './offline.ts'
import { order } from './order.ts'
import { orders } from './orders.ts'
import { people } from './people.ts'
import { supervise } from './supervise.ts'
import { track } from './track.ts'
import { views } from './views.ts'
import { work } from './work.ts'

export const texts = {
  board,
  command,
  common,
  customer,
  form,
  health,
  login,
  newOrder,
  notifications,
  offline,
  order,
  orders,
  people,
  supervise,
  track,
  views,
  work,
}
