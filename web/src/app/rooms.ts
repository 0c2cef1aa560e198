import type { Room } from './room'

const found = import.meta.glob<Room>('../rooms/*/*/index.ts', { eager: true, import: 'default' })

/** All rooms of the desk, found by their folder. */
export const rooms: Room[] = Object.values(found)
