import type { Point } from './api'

/** What a form of a point holds; a new one also names its station. */
export interface PointModel {
  name: string
  seat: string
  covered: string[]
  area_id: string
  days_open_per_week: number | null
  premises: string
  /** Since when it is planned; of a new one only. */
  from?: string
}

export const emptyPoint = (): PointModel => ({ name: '', seat: '', covered: [], area_id: '', days_open_per_week: null, premises: '', from: '' })

export const modelOf = (p: Point): PointModel => ({
  name: p.name, seat: p.seat?.code ?? '', covered: p.covered.map((v) => v.code), area_id: p.area_id ?? '', days_open_per_week: p.days_open_per_week, premises: p.premises ?? '',
})

/** The seat of a point is covered by it: choosing a seat adds it, and another seat takes the place of the old one. */
export function coveredWithSeat(covered: string[], seat: string, before: string): string[] {
  const others = covered.filter((code) => code !== before)
  return seat && !others.includes(seat) ? [seat, ...others] : others
}
