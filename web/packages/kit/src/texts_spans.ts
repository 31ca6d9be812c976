/** How much time a view shows at once. */
export const SPANS = {
  spanShown: ["显示范围", "Shown at once"],
  spanMonth: ["月", "Month"],
  spanQuarter: ["季", "3 months"],
  spanYear: ["年", "Year"],
} as const;
