/** Words of signing in and of the own password. */
export default {
  zh: {
    login: {
      title: '登录', product: '社桥', tagline: '乡镇（街道）社会工作服务站信息系统',
      five: '社区 · 社会工作者 · 社区志愿者 · 社会组织 · 社会慈善资源',
      username: '用户名', password: '密码', submit: '登录',
      ended: '登录已过期，请重新登录。登录后会回到刚才的页面，已填写的内容仍在。',
      both: '请填写用户名和密码。',
      help: '忘记密码，请联系本单位的系统管理员重置。',
      library: '政策库（不用登录）',
    },
    password: {
      title: '修改密码', note: '密码至少 10 个字符。修改后，其他设备上的登录会退出。', must: '这是首次登录或密码刚被重置，请先设置您自己的密码。',
      old: '原密码', next: '新密码', again: '再输入一次新密码', differ: '两次输入的新密码不一致。', short: '新密码至少 10 个字符。', done: '密码已修改。', save: '修改密码',
    },
  },
  en: {
    login: {
      title: 'Sign in', product: 'Sheqiao', tagline: 'Information system of township social-work stations',
      five: 'Community · Social workers · Volunteers · Social organisations · Charity',
      username: 'User name', password: 'Password', submit: 'Sign in',
      ended: 'Your session has ended. Sign in again: you will return to the page you were on, with what you had typed.',
      both: 'Enter user name and password.',
      help: 'Forgotten your password? Ask the system administrator of your organisation to reset it.',
      library: 'Policy library (no login)',
    },
    password: {
      title: 'Change password', note: 'At least 10 characters. Sessions on other devices end after the change.', must: 'This is your first sign-in, or your password was reset. Please set a password of your own first.',
      old: 'Current password', next: 'New password', again: 'New password again', differ: 'The two new passwords differ.', short: 'The new password needs at least 10 characters.', done: 'Password changed.', save: 'Change password',
    },
  },
}
