/** What somebody has begun to enter, kept on the device until it is created. */
import { useEffect, useState } from 'react'
import { newKey } from '../http/client.ts'
import type { Facts } from '../http/types.ts'
import type { Choice } from '../parts/form/picker.tsx'

export interface Draft {
  process?: string
  customer?: Choice
  title: string
  priority?: number
  values: Facts
  /** Idempotency-Key of the order; the same until there is an answer. */
  key: string
}

const STORE = 'paidan.draft.order'

const blank = (): Draft => ({ title: '', values: {}, key: newKey() })

function stored(): Draft {
  try {
    const draft = JSON.parse(localStorage.getItem(STORE) ?? '') as Partial<Draft>
    return { ...blank(), ...draft }
  } catch {
    return blank()
  }
}

export const isBlank = ({ process, customer, title, values }: Draft): boolean =>
  !process && !customer && title === '' && Object.keys(values).length === 0

/** @param given what the address says, which is newer than what was kept */
export function useDraft(given: Partial<Draft>) {
  const [draft, setDraft] = useState<Draft>(() => {
    const kept = stored()
    return given.process && kept.process && given.process !== kept.process ? { ...blank(), ...given } : { ...kept, ...given }
  })
  useEffect(() => {
    if (isBlank(draft)) localStorage.removeItem(STORE)
    else localStorage.setItem(STORE, JSON.stringify(draft))
  }, [draft])
  return {
    draft,
    set: (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part })),
    /** After an answer another key is due. */
    renew: () => setDraft((old) => ({ ...old, key: newKey() })),
    clear: () => {
      localStorage.removeItem(STORE)
      setDraft(blank())
    },
  }
}
