/** Words of possible duplicates. */
export default {
  zh: {
    title: '疑似重复档案', note: '系统按证件号码、姓名读音、出生日期、住址和电话找出可能是同一个人的档案，由人判断：合并，或者说明不是同一人。',
    place: '地区', state: '状态', states: { open: '待判断', dismissed: '不是同一人', merged: '已合并' },
    first: '档案一', second: '档案二', why: '相同与不同', score: '相似度', decided: '处理结果',
    reason: { same_number: '证件号相同', near_number: '证件号只差一两位', other_number: '证件号不同', same_name: '姓名相同', sounds_alike: '姓名读音相同', near_name: '姓名差一个字', same_birth: '出生日期相同', near_birth: '出生日期相近', other_birth: '出生日期不同', no_birth: '缺出生日期', same_village: '同村（社区）', same_township: '同乡镇（街道）', same_phone: '电话相同', other_sex: '性别不同' },
    years: '{n} 岁', compare: '比较并合并', notSame: '不是同一人', across: '不在同一乡镇（街道），合并需另一人确认', scan: '重新查重', scanning: '正在查重', scanned: '查重完成', merges: '合并记录',
    dismiss: '说明不是同一人', dismissNote: '这一对以后不再提示，理由会保留。', because: '理由', becausePlace: '例如：堂姐妹，已当面核对证件', dismissed: '已记录，不再提示这一对。', needReason: '请写明理由',
    none: '没有需要判断的档案', noneText: '新登记或修改档案时会自动查重；批量导入后请点“重新查重”。',
  },
  en: {
    title: 'Possible duplicates', note: 'Records that may be one person, found by document number, sound of the name, birth date, home and telephone. People decide: merge them, or say that they are two people.',
    place: 'Place', state: 'State', states: { open: 'to decide', dismissed: 'two people', merged: 'merged' },
    first: 'One record', second: 'The other', why: 'Alike and different', score: 'Likeness', decided: 'Decision',
    reason: { same_number: 'same number', near_number: 'number differs by a digit or two', other_number: 'different numbers', same_name: 'same name', sounds_alike: 'names sound the same', near_name: 'names differ by a character', same_birth: 'same birth date', near_birth: 'birth dates nearly the same', other_birth: 'different birth dates', no_birth: 'a birth date is missing', same_village: 'same village', same_township: 'same township', same_phone: 'same telephone', other_sex: 'different sex' },
    years: 'aged {n}', compare: 'Compare and merge', notSame: 'Two people', across: 'In different townships: a merge needs a second person', scan: 'Look again', scanning: 'Looking for duplicates', scanned: 'Done looking', merges: 'Merges',
    dismiss: 'Say that they are two people', dismissNote: 'This pair is not shown again; the reason is kept.', because: 'Reason', becausePlace: 'For example: cousins, papers compared', dismissed: 'Noted; this pair is not shown again.', needReason: 'Give a reason',
    none: 'Nothing to decide', noneText: 'Duplicates are looked for whenever a record is entered or changed; after a bulk import use “Look again”.',
  },
}
