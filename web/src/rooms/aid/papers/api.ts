import { http, seg, type FileAnswer } from '@/api/client'

export type FileKind = 'pdf' | 'docx'
export type FormKind = 'application' | 'survey' | 'notice' | 'refusal'

/** A form to print; with a reason the applicant's number, telephone and address stand in full. */
export interface FormWish {
  form: FormKind
  format: FileKind
  reason?: string
}

export const printSheet = (person: string, format: FileKind, large: boolean): Promise<FileAnswer> => http.file(`/persons/${seg(person)}/papers`, { format, large })
export const printForm = (application: string, wish: FormWish): Promise<FileAnswer> => http.file(`/applications/${seg(application)}/papers`, wish)
