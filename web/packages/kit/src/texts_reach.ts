/** The words of the bar at the foot of a record on a phone. */
export const REACH = {
  reachBar: ["可做的事", "What can be done"],
  reachCall: ["打电话", "Call"],
  reachWrite: ["发消息", "Message"],
  reachGo: ["导航", "Directions"],
  reachSms: ["短信", "Text message"],
  reachMail: ["邮件", "Mail"],
  reachWechat: ["微信", "WeChat"],
  reachQq: ["QQ", "QQ"],
  reachWhatsapp: ["WhatsApp", "WhatsApp"],
  reachTelegram: ["Telegram", "Telegram"],
  reachCopied: ["已复制 {what}，可在{app}中搜索", "{what} is copied: search for it in {app}"],
  copyByHand: ["无法自动复制，请手动复制：{what}", "It cannot be copied here; copy it by hand: {what}"],
  reachByHand: ["无法自动复制，请在{app}中搜索：{what}", "It cannot be copied here. In {app} search for: {what}"],
} as const;
