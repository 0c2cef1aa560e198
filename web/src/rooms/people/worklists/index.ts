import { defineRoom } from '@/app/room'

/** Saved lists have no page of their own: they stand above the lists they open. */
export default defineRoom({ name: 'worklists', routes: [] })
