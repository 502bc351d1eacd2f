import { post } from '../http/client.ts'
import { queryClient } from '../http/queries.ts'
import type { Attachment } from './queries.ts'

/** Sends a file to an order. @throws ApiProblem where its kind or size is not taken */
export async function attach(order: string, file: File, task?: string): Promise<Attachment> {
  const body = new FormData()
  if (task) body.set('task', task)
  body.set('file', file)
  const attached = await post<Attachment>(`/orders/${order}/attachments`, body)
  await queryClient.invalidateQueries({ queryKey: ['order', order] })
  return attached
}
