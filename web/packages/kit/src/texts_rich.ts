/** The words of formatted text while it is written. */
export const RICH = {
  richTools: ["格式", "Formatting"],
  richBold: ["加粗", "Bold"],
  richItalic: ["斜体", "Italic"],
  richStruck: ["删除线", "Strikethrough"],
  richHeading: ["标题", "Heading"],
  richBullets: ["项目符号", "Bulleted list"],
  richNumbers: ["编号", "Numbered list"],
  richLink: ["链接", "Link"],
  richAddress: ["链接地址", "Address of the link"],
} as const;
