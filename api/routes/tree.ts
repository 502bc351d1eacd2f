import { operation } from '../http/operation.ts'
import { orderTree } from '../queries/tree.ts'
import { orderParams } from '../schemas/order.ts'
import { tree } from '../schemas/tree.ts'
import { requireInSight } from './orders.ts'

export const treeOperations = [
  operation({
    id: 'getTree',
    method: 'get',
    path: '/orders/{id}/tree',
    tag: 'Orders',
    summary: 'An order with all that hangs together with it',
    description: 'Asked from any of its orders: children, continuations, and orders that one of them started beside itself.',
    params: orderParams,
    answers: { 200: { description: 'As far as the caller may see it.', schema: tree } },
    async handle(ctx) {
      const { deps, params } = ctx
      await requireInSight(ctx, params.id)
      return { status: 200, body: await orderTree(deps.pool, ctx, params.id, deps.catalogue.spec) }
    },
  }),
]
