/** Words of accounts and their grants. */
export default {
  zh: {
    title: '账号', one: '账号详情', none: '没有符合条件的账号', noneText: '可以换个关键词，或新建账号。',
    field: { q: '用户名（开头）', username: '用户名', name: '姓名', state: '状态', grants: '角色与范围', lastLogin: '上次登录', created: '创建时间', password: '初始密码' },
    never: '从未登录', all: '全部', open: '查看',
    state: { invited: '待首次登录', active: '正常', suspended: '已停用' },
    create: {
      title: '新建账号', note: '新账号的授权须由安全管理员审批后才生效。', who: '使用人', grants: '授权', add: '再加一项授权', remove: '删除这项授权',
      usernameHint: '小写字母和数字，用于登录，建好后不能改。', passwordHint: '请当面或电话告知本人，首次登录必须修改。', generate: '重新生成', done: '账号已创建，授权等待审批。',
      grantsHint: '至少一项。按岗位授权，范围到乡镇（街道）或县（区）。',
    },
    grant: {
      title: '授权', role: '角色', place: '范围', org: '单位', from: '起始日期', to: '截止日期', toHint: '不填表示长期', by: '提出 / 审批', period: '有效期', open: '长期',
      propose: '提出授权', proposeNote: '提出后由安全管理员审批，审批前不生效。', proposed: '已提出，等待审批。', approve: '审批通过', approved: '授权已生效。', approveAsk: '确认让“{name}”以“{role}”身份在“{place}”工作？',
      whole: '全系统', placeHint: '系统管理员、安全管理员不填', refuse: '不通过', refuseAsk: '不同意让“{name}”担任“{role}”？', refused: '已退回，授权不生效。',
      own: '自己提出的授权须由他人审批', end: '终止', endTitle: '终止授权', reason: '终止原因', ended: '授权已终止。', none: '还没有授权，此账号暂不能办理业务。',
      orgHint: '输入单位名称查找', states: { proposed: '待审批', approved: '有效', ended: '已终止', refused: '未通过' },
      error: { role: '请选择角色。', from: '请填写起始日期。', order: '截止日期不能早于起始日期。' },
    },
    act: {
      suspend: '停用', suspendAsk: '停用后“{name}”立即退出登录，待办须另行交接。确认停用？', suspended: '账号已停用。', resume: '恢复使用', resumed: '账号已恢复。',
      reset: '重置密码', resetTitle: '重置“{name}”的密码', resetNote: '请当面或电话告知本人。对方下次登录必须修改密码，其他设备会退出登录。', resetDone: '密码已重置。', newPassword: '新密码',
      rename: '改姓名', renamed: '姓名已修改。', history: '变更记录',
    },
  },
  en: {
    title: 'Accounts', one: 'Account', none: 'No such account', noneText: 'Try another word, or create an account.',
    field: { q: 'User name (beginning)', username: 'User name', name: 'Name', state: 'State', grants: 'Roles and places', lastLogin: 'Last sign-in', created: 'Created', password: 'First password' },
    never: 'never', all: 'All', open: 'Open',
    state: { invited: 'Not yet signed in', active: 'Active', suspended: 'Suspended' },
    create: {
      title: 'New account', note: 'Grants take effect after the security administrator has approved them.', who: 'Person', grants: 'Grants', add: 'Add a grant', remove: 'Remove this grant',
      usernameHint: 'Lower-case letters and digits, used to sign in; cannot be changed later.', passwordHint: 'Tell it in person or by telephone; it must be changed at the first sign-in.', generate: 'Make another', done: 'Account created; its grants wait for approval.',
      grantsHint: 'At least one. Grant by post, for a township or a county.',
    },
    grant: {
      title: 'Grants', role: 'Role', place: 'Place', org: 'Organisation', from: 'From', to: 'To', toHint: 'Leave empty for no end', by: 'Proposed / approved by', period: 'Period', open: 'no end',
      propose: 'Propose a grant', proposeNote: 'The security administrator must approve it before it takes effect.', proposed: 'Proposed; waiting for approval.', approve: 'Approve', approved: 'The grant is in force.', approveAsk: 'Let “{name}” work as “{role}” in “{place}”?',
      whole: 'whole system', placeHint: 'Leave empty for system and security administrators', refuse: 'Refuse', refuseAsk: 'Refuse “{role}” to “{name}”?', refused: 'Refused; the grant takes no effect.',
      own: 'Somebody else must approve what you proposed', end: 'End', endTitle: 'End the grant', reason: 'Reason', ended: 'The grant has ended.', none: 'No grants yet: this account cannot do anything.',
      orgHint: 'Type the name of the organisation', states: { proposed: 'Proposed', approved: 'In force', ended: 'Ended', refused: 'Refused' },
      error: { role: 'Choose a role.', from: 'Enter the first day.', order: 'The last day cannot come before the first.' },
    },
    act: {
      suspend: 'Suspend', suspendAsk: '“{name}” is signed out at once; open tasks must be handed over. Suspend?', suspended: 'Account suspended.', resume: 'Resume', resumed: 'Account resumed.',
      reset: 'Reset password', resetTitle: 'Reset the password of “{name}”', resetNote: 'Tell it in person or by telephone. It must be changed at the next sign-in; other devices are signed out.', resetDone: 'Password reset.', newPassword: 'New password',
      rename: 'Change name', renamed: 'Name changed.', history: 'History',
    },
  },
}
