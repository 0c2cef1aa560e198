import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

/** Groups of the side menu, in the order shown. */
export const SECTIONS = ['today', 'people', 'visits', 'policies', 'network', 'coverage', 'divisions', 'accounts'] as const
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

/** An action the palette offers. */
export interface Command {
  titleKey: string
  to: string
  permit?: string
}

/** Something a finder found. */
export interface Found {
  id: string
  title: string
  note?: string
  to: string
  /** Where Alt+Enter leads. */
  alt?: string
}

/** Finds records of a room for the palette; loaded with the first search. */
export interface Finder {
  permit?: string
  load: () => Promise<{ default: (text: string, signal: AbortSignal) => Promise<Found[]> }>
  /** The list with everything found, for when the palette is too short. */
  all?: (text: string) => string
}

/** A room of the desk: its pages and its lines in the menu. */
export interface Room {
  name: string
  routes: RouteRecordRaw[]
  menu: MenuItem[]
  commands: Command[]
  finder?: Finder
}

/** Each room's `index.ts` exports one of these as default; the shell collects them (`rooms.ts`). */
export function defineRoom(room: { name: string; routes: RouteRecordRaw[]; menu?: MenuItem | MenuItem[]; commands?: Command[]; finder?: Finder }): Room {
  const menu = room.menu ?? []
  return { name: room.name, routes: room.routes, menu: Array.isArray(menu) ? menu : [menu], commands: room.commands ?? [], finder: room.finder }
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the page title and of its tab. */
    titleKey?: string
    /** Permit the account must hold to open the page. */
    permit?: string
    /** Shown without the shell and without a session. */
    bare?: boolean
    /** For everybody: the session is not even looked at. */
    open?: boolean
  }
}
