/** Fits, measures, saves and releases a scorecard. */
import type pg from 'pg'
import { fitScorecard, type Metrics } from '../../domain/retention/fit-scorecard.ts'
import { valueClasses } from '../../domain/retention/profile.ts'
import { sayBin, type Scorecard } from '../../domain/retention/scorecard.ts'
import { releaseModel, saveModel } from '../../prisma/retention/models.ts'
import { historyOf } from '../../prisma/retention/profiles.ts'

/** The card can't be fitted or saved; the message says what to do. */
export class FitError extends Error {}

/** Roles whose people may save and release models. */
const ROLES = ['analyst', 'kac-director']

export interface FitOptions {
  login: string
  id: string
  seed: number
  release: boolean
  now?: number
}

export interface Fit {
  version: number
  card: Scorecard
  metrics: Metrics
  released: boolean
}

/** @throws FitError saying what to do; nothing is changed then */
export async function fit(pool: pg.Pool, { login, id, seed, release, now = Date.now() }: FitOptions): Promise<Fit> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT s.id FROM staff s WHERE s.login = $1 AND s.active AND EXISTS (SELECT FROM staff_role r WHERE r.staff_id = s.id AND r.role = ANY($2))',
    [login, ROLES],
  )
  const by = rows[0]?.id
  if (by === undefined) throw new FitError(`Nobody active with one of the roles ${ROLES.join(', ')} has the login "${login}".`)
  const fitted = fromHistory(await historyOf(pool), seed)
  const saved = await saveModel(pool, {
    id,
    process: 'retention',
    kind: 'scorecard',
    spec: fitted.card,
    metrics: fitted.metrics,
    by,
    at: now,
  })
  if (!saved.saved) throw new FitError(saved.problems.map(({ field, message }) => `${field}: ${message.en}`).join('\n'))
  const released = release && (await releaseModel(pool, id, saved.version, by, now))
  return { version: saved.version, ...fitted, released }
}

function fromHistory(...[history, seed]: Parameters<typeof fitScorecard>) {
  try {
    return fitScorecard(history, seed)
  } catch (error) {
    if (error instanceof RangeError) throw new FitError(`${error.message}. Import customers first: npm run import -- customers <file>`)
    throw error
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** What a fit says at its end. */
export function fitLines(id: string, { version, card, metrics, released }: Fit): string[] {
  const { auc, precision, recall, byValue, fittedOn, heldOut, seed } = metrics
  return [
    `${id} version ${version}: ${card.attributes.length} attributes, fitted on ${fittedOn} customers, measured on ${heldOut} others (seed ${seed})`,
    `AUC ${auc.toFixed(4)}, precision ${percent(precision)}, recall ${percent(recall)}`,
    ...valueClasses.map((value) => {
      const of = byValue[value]
      return `  ${value.padEnd(4)}  alarm from ${card.cutoff[value]} points: precision ${percent(of.precision)}, recall ${percent(of.recall)} of ${of.customers} customers`
    }),
    released ? 'Released: runs from now on go by it.' : 'Saved as a draft. Run again with --release to put it in force.',
  ]
}

/** The card as a list of attributes, bins and points. */
export const cardLines = ({ attributes }: Scorecard): string[] =>
  attributes.flatMap((entry) => entry.bins.map(({ points }, i) => `  ${String(points).padStart(4)}  ${sayBin(entry, i).en}`))
