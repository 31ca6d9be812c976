/** The words of signing in by another service. `signInRefused_…` says why nobody was signed in. */
export const SIGNING = {
  orElse: ["或", "or"],
  signInRefused_cancelled: ["您取消了登录", "You cancelled signing in"],
  signInRefused_expired: ["登录已超时或已使用，请重新登录", "This sign-in took too long or was used already. Please try again"],
  signInRefused_setup: ["登录服务的配置有误，请联系管理员", "Signing in by this service is not set up correctly. Please tell your administrator"],
  signInRefused_unreachable: ["暂时无法连接登录服务，请稍后重试", "The service cannot be reached at the moment. Please try again later"],
  signInRefused_untrusted: ["登录服务返回的信息未通过校验，请重试或联系管理员", "What the service answered could not be verified. Please try again, or tell your administrator"],
  signInRefused_unknown: ["该账号在本系统中没有对应的用户，请联系管理员开通", "Nobody here belongs to this account. Please ask your administrator for access"],
  signInRefused_inactive: ["您的账号已停用，请联系管理员", "Your account is no longer active. Please ask your administrator"],
  signInRefused_taken: ["该账号与已有用户冲突，请联系管理员关联账号", "This account conflicts with somebody who is here already. Please ask your administrator to link it"],
  signInRefused_ambiguous: ["有多个用户使用相同的邮箱或手机，请联系管理员", "Several people here have the same address or number. Please tell your administrator"],
  signInRefused_often: ["尝试次数过多，请一分钟后重试", "Too many attempts. Please try again in a minute"],
} satisfies Record<string, [string, string]>;
