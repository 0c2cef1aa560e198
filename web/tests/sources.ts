import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const SRC = join(import.meta.dirname, '../src')

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? walk(path) : [path]
  })
}

export interface Source {
  path: string
  text: string
}

/** All sources of the desk, tests and generated files aside. */
export const sources: Source[] = walk(SRC)
  .filter((path) => /\.(vue|ts)$/.test(path) && !/\.(test|gen|d)\.ts$/.test(path))
  .map((path) => ({ path: relative(SRC, path), text: readFileSync(path, 'utf8') }))

/** The text without comments (line comments only where they stand alone or behind a blank, so addresses survive). */
export function withoutComments(text: string): string {
  return text
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
}
