/** What time a view shows. */
export const SPANS = {
  earlier: ["往前", "Earlier"],
  later: ["往后", "Later"],
  nothingThisMonth: ["本月没有记录", "Nothing this month"],
  spanShown: ["显示范围", "Shown at once"],
  spanMonth: ["月", "Month"],
  spanQuarter: ["季", "3 months"],
  spanYear: ["年", "Year"],
} as const;
