import { ElMessage, ElMessageBox } from 'element-plus'
import { say } from '@/app/i18n'
import { asProblem } from '@/api/problem'
import { problemText } from './problemText'

interface Words {
  title?: string
  yes?: string
  no?: string
  danger?: boolean
}

/** Asks a yes-no question and answers with true for yes. */
export async function ask(text: string, words: Words = {}): Promise<boolean> {
  try {
    await ElMessageBox.confirm(text, words.title ?? say('kit.ask.title'), {
      confirmButtonText: words.yes ?? say('kit.ask.yes'),
      cancelButtonText: words.no ?? say('kit.ask.no'),
      confirmButtonClass: words.danger ? 'el-button--danger' : '',
      closeOnClickModal: false,
    })
    return true
  } catch {
    return false
  }
}

/** Says briefly that something worked. */
export const toast = (text: string): void => void ElMessage.success({ message: text, duration: 3000 })

/** Shows what went wrong when there is no better place on the screen. */
export function toastProblem(thrown: unknown): void {
  ElMessage.error({ message: problemText(asProblem(thrown)), duration: 8000, showClose: true })
}
