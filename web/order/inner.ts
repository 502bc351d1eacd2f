import { type ComponentType, createContext } from 'react'

/** How an order is shown inside another. Handed down, because an order that is shown inside one may itself hold one. */
export const InnerOrder = createContext<ComponentType<{ id: string }>>(() => null)
