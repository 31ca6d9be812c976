/** The words of who else is at a record. */
export const PRESENCE = {
  presenceReads: ["{name} 也在查看", "{name} is looking at it, too"],
  presenceEdits: ["{name} 正在编辑", "{name} is editing"],
  presenceAlso: ["{names} 正在编辑这条记录", "Being edited now by {names}"],
  presenceAlsoHint: ["可以继续填写；两人改了同一字段时，保存前会让您选择。", "You can go on: if both of you change the same field, you choose before it is saved."],
  recentAdded: ["{name} 添加了{what}", "{name} added: {what}"],
  recentSaid: ["{name} 发表了评论", "{name} commented"],
  recentChanged: ["{name} 修改了{what}", "{name} changed: {what}"],
  recentWorked: ["{name} 处理过", "{name} worked on it"],
  // another version of the app
  appNewer: ["应用发布了新版本", "A new version of the app was published"],
  appNewerHint: ["正在填写的内容会保留，载入后可继续填写。", "What you are filling in is kept: load it and go on."],
  appRenew: ["载入新版本", "Load it"],
  appNotRenewed: ["新版本暂时无法载入，可继续使用当前页面，稍后再试。", "The new version cannot be loaded at the moment. Go on with this page, and try again later."],
  appRenewed: ["已载入应用的新版本", "The new version of the app is loaded"],
} as const;
