import { defineRoom } from '@/app/room'

export default defineRoom({ name: 'entitlements', routes: [] })
