/** The words of formatted text while it is written. */
export const RICH = {
  richTools: ["格式", "Formatting"],
  richBold: ["加粗", "Bold"],
  richItalic: ["斜体", "Italic"],
  richUnderlined: ["下划线", "Underline"],
  richStruck: ["删除线", "Strikethrough"],
  richNoPictures: ["正文中不能放图片，请放到附件或图片字段", "A text holds no pictures: put them into a field for files or pictures"],
  richHeading: ["标题", "Heading"],
  richBullets: ["项目符号", "Bulleted list"],
  richNumbers: ["编号", "Numbered list"],
  richLink: ["链接", "Link"],
  richAddress: ["链接地址", "Address of the link"],
} as const;
