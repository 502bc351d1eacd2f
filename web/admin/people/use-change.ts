import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { post } from '../../http/client.ts'
import { tell } from '../../parts/tell.ts'
import { type Person, type PersonChange, personQuery, refresh } from './queries.ts'

/** Changes a person; the page has what the API answers. */
export function useChange({ id }: Pick<Person, 'id'>, path = '', said?: string) {
  const { t } = useTranslation('organisation')
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: PersonChange | Readonly<Record<string, unknown>>) => post<Person>(`/people/${id}${path}`, body),
    onSuccess: async (person) => {
      client.setQueryData(personQuery(id).queryKey, person)
      tell(said ?? t('saved'))
      await refresh(client)
    },
  })
}
