import { say } from '@/app/i18n'
import type { Task } from './api'

/** The window of a task in words: any day up to the last one is in time. */
export function windowText(task: Pick<Task, 'from_on' | 'due_on' | 'at_once'>, today: string): string {
  if (task.at_once) return say('tasks.atOnce')
  if (!task.due_on) return say('tasks.noLimit')
  return task.from_on && task.from_on > today ? say('tasks.windowFrom', { from: task.from_on, day: task.due_on }) : say('tasks.window', { day: task.due_on })
}
