import { useEffect } from 'react'

/** After a refusal the keyboard is where something must be changed; a long form scrolls there. */
export function useFirstFault(error: Error | null): void {
  useEffect(() => {
    if (error) document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus()
  }, [error])
}
