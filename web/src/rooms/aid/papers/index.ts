import { defineRoom } from '@/app/room'

export default defineRoom({ name: 'papers', routes: [] })
