/** Customers as others refer to them, and those that are not yet ours. */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { z } from 'zod'
import { Problem } from '../problem.ts'
import type { prospectIn } from '../schemas/picker.ts'
import { rows, sql } from './sql.ts'

/** Of Prisma's client: what a reference to a customer shows. */
export const customerFields = { select: { id: true, no: true, nameEn: true, nameZh: true } } as const

export const customerOf = ({ id, no, nameEn, nameZh }: { id: string; no: string; nameEn: string; nameZh: string }) => ({
  id,
  no,
  name: { en: nameEn, zh: nameZh },
})

/** A grade is given once he is ours; until then he is served as a local customer of the third grade. */
const GRADE = 'local-c'

/**
 * Writes a potential customer (潛在大客戶) with the person to talk to. His number is of a row of its own, since it may come to nothing.
 * @throws Problem UNKNOWN_REFERENCE where there is no such region
 */
export async function createProspect(
  client: pg.PoolClient,
  { nameZh, nameEn, region, address, contact, industry }: z.output<typeof prospectIn>,
) {
  const known = await rows(client, sql`SELECT 1 FROM region WHERE path = ${region}`)
  if (known.length === 0)
    throw new Problem('UNKNOWN_REFERENCE', { field: 'region', says: { zh: `没有区域 ${region}`, en: `no region ${region}` } })
  const id = `cu-${randomUUID()}`
  const tags = industry === undefined ? [] : [`industry:${industry}`]
  const [row] = await rows<{ no: string; name_en: string }>(
    client,
    sql`INSERT INTO customer (id, no, name_zh, name_en, grade, tags, region_path, address, status)
        VALUES (${id}, 'QZ' || lpad(nextval('customer_no')::text, 6, '0'), ${nameZh}, ${nameEn ?? nameZh}, ${GRADE}, ${tags}, ${region},
                ${address ?? null}, 'potential') RETURNING no, name_en`,
  )
  await rows(
    client,
    sql`INSERT INTO contact (id, customer_id, name_zh, name_en, phone, is_primary)
        VALUES (${`ct-${randomUUID()}`}, ${id}, ${contact.name}, ${contact.name}, ${contact.phone}, TRUE)`,
  )
  const name = { en: row!.name_en, zh: nameZh }
  return { id, no: row!.no, name, grade: GRADE, tags, region, accountManager: null, status: 'potential' as const }
}
