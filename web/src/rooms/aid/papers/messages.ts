export default {
  zh: {
    sheet: '明白纸和帮办单', sheetNote: '可能符合什么、还差什么、去哪里、找谁、几天，附可撕下的回执。打印会留下导出记录。', pdf: '打印明白纸', large: '大字版', word: 'Word',
    made: '文件已下载：{name}', missing: '有 {n} 个字不在字库中，纸上以“〓”代替，请手写补上。',
    print: '打印', title: '打印申请材料', note: '只填系统里已有的内容，其余留空手写。打印会留下导出记录。', which: '材料', format: '格式', formats: { pdf: 'PDF（直接打印）', docx: 'Word（可修改）' },
    forms: { application: '申请及授权书', survey: '入户调查表', notice: '审核意见公示', refusal: '不予确认告知书' },
    reason: '完整号码的用途', reasonHint: '不填时，证件号码和电话只显示一部分，地址留空；填写后申请人的这些信息完整打印，并逐项留痕。', download: '生成文件',
  },
  en: {
    sheet: 'Plain-words sheet and help list', sheetNote: 'What may fit, what is missing, where, who, how many days, with a receipt to tear off (in Chinese). Printing is recorded as an export.', pdf: 'Print the sheet', large: 'Large print', word: 'Word',
    made: 'Downloaded: {name}', missing: '{n} characters are in no font; the paper shows “〓”. Write them by hand.',
    print: 'Print', title: 'Print the papers', note: 'Only what is known is filled in (in Chinese), the rest is left to write. Printing is recorded as an export.', which: 'Paper', format: 'Format', formats: { pdf: 'PDF (to print)', docx: 'Word (to edit)' },
    forms: { application: 'Application and authorisation', survey: 'Home survey', notice: 'Notice of the opinion', refusal: 'Notice of refusal' },
    reason: 'What the full numbers are for', reasonHint: 'Without it numbers are masked and addresses left blank; with it those of the applicant are printed in full, each recorded.', download: 'Make the file',
  },
}
