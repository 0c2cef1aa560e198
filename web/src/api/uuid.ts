/**
 * Record ids are made by the client (RFC 9562 UUID version 7), so that sending the same form twice creates one record.
 * Ids made within one millisecond still rise, because a phone may record several acts at once.
 */
let lastMs = -1
let sequence = 0

export function uuidv7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  if (now > lastMs) {
    lastMs = now
    sequence = ((bytes[6]! & 0x07) << 8) | bytes[7]!
  } else {
    sequence += 1
    if (sequence > 0x0fff) {
      lastMs += 1
      sequence = 0
    }
  }
  const ms = lastMs
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(ms / 2 ** (8 * (5 - i))) & 0xff
  bytes[6] = 0x70 | (sequence >> 8)
  bytes[7] = sequence & 0xff
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
