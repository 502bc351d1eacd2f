/** Texts of rooms that few have: they come with the room, not with the first page. */
import { admin } from './admin.ts'
import { audit } from './audit.ts'
import { calendars } from './calendars.ts'
import { organisation } from './organisation.ts'
import { retention } from './retention.ts'
import { settlement } from './settlement.ts'

export const rooms = { admin, audit, calendars, organisation, retention, settlement }
