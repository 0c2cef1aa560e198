import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

/** Groups of the side menu, in the order shown. */
export const SECTIONS = ['today', 'people', 'visits', 'network', 'coverage', 'divisions', 'accounts'] as const
export type Section = (typeof SECTIONS)[number]

/** One line of the side menu. */
export interface MenuItem {
  section: Section
  /** Name of the route it opens. */
  to: string
  titleKey: string
  icon: Component
  order: number
  /** Permit the account must hold; without it the line is not shown. */
  permit?: string
}

/** A room of the desk: its pages and its lines in the menu. */
export interface Room {
  name: string
  routes: RouteRecordRaw[]
  menu: MenuItem[]
}

/** Each room's `index.ts` exports one of these as default; the shell collects them (`rooms.ts`). */
export function defineRoom(room: { name: string; routes: RouteRecordRaw[]; menu?: MenuItem | MenuItem[] }): Room {
  const menu = room.menu ?? []
  return { name: room.name, routes: room.routes, menu: Array.isArray(menu) ? menu : [menu] }
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the page title and of its tab. */
    titleKey?: string
    /** Permit the account must hold to open the page. */
    permit?: string
    /** Shown without the shell and without a session. */
    bare?: boolean
  }
}
