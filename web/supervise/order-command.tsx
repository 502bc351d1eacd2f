import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { orderQuery, processQuery } from '../http/queries.ts'
import { type Asked, CommandDialog } from '../order/commands/dialog.tsx'
import { tellProblem } from '../parts/tell.ts'

interface Props {
  order: string
  asked: Asked
  close: () => void
}

/** The form of a command where one is, without going to the order's page. */
export default function OrderCommand({ order: id, asked, close }: Props) {
  const order = useQuery(orderQuery(id))
  const process = useQuery({ ...processQuery(order.data?.process ?? ''), enabled: order.data !== undefined })
  const error = order.error ?? process.error
  useEffect(() => {
    if (!error) return
    tellProblem(error)
    close()
  }, [error, close])
  if (!order.data || !process.data) return null
  return <CommandDialog asked={asked} order={order.data} process={process.data} close={close} />
}
