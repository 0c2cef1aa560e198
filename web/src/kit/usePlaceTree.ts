import { computed, reactive, ref } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import type { PlaceNode } from './places'

/** One branch of the tree: a place, and its children once they were asked for. */
export interface Branch {
  place: PlaceNode
  level: number
  parent: Branch | null
  open: boolean
  loading: boolean
  children: Branch[] | null
}

interface Wishes {
  roots: () => Promise<PlaceNode[]>
  childrenOf: (code: string) => Promise<PlaceNode[]>
  /** Deepest administrative level shown. */
  deepest: () => number
}

/** State of a tree loaded branch by branch; `visible` is what stands on the screen, from top to bottom. */
export function usePlaceTree(wishes: Wishes) {
  const roots = ref<Branch[]>([])
  const loading = ref(false)
  const problem = ref<Problem | null>(null)

  const grow = (places: PlaceNode[], parent: Branch | null): Branch[] =>
    places.map((place) => reactive({ place, level: (parent?.level ?? 0) + 1, parent, open: false, loading: false, children: null }))
  const isLeaf = (branch: Branch): boolean => !branch.place.has_children || branch.place.level >= wishes.deepest()

  async function expand(branch: Branch): Promise<void> {
    if (isLeaf(branch) || branch.loading) return
    branch.open = true
    if (branch.children) return
    branch.loading = true
    try {
      branch.children = grow(await wishes.childrenOf(branch.place.code), branch)
      problem.value = null
    } catch (thrown) {
      problem.value = asProblem(thrown)
      branch.open = false
    } finally {
      branch.loading = false
    }
  }

  const collapse = (branch: Branch): void => { branch.open = false }
  const toggle = (branch: Branch): Promise<void> | void => (branch.open ? collapse(branch) : expand(branch))

  /** Loads the roots and opens the first, so that there is something to choose from at once. */
  async function start(): Promise<void> {
    loading.value = true
    try {
      roots.value = grow(await wishes.roots(), null)
      problem.value = null
      const first = roots.value[0]
      if (first && roots.value.length < 5) await expand(first)
    } catch (thrown) {
      problem.value = asProblem(thrown)
    } finally {
      loading.value = false
    }
  }

  const visible = computed(() => {
    const rows: Branch[] = []
    const walk = (branches: Branch[]): void => {
      for (const branch of branches) {
        rows.push(branch)
        if (branch.open && branch.children) walk(branch.children)
      }
    }
    walk(roots.value)
    return rows
  })

  return { visible, loading, problem, start, expand, collapse, toggle, isLeaf }
}
