/** What is printed is laid out as wide as it stands on the screen, and made as small as a page of paper asks. */

/** A4 upright within its margins, in CSS pixels. */
const PAPER = 700;

/** Before the browser prints: how wide the page stands, with what is scrolled to the side, and how much smaller it has
 * to be. */
function measured(): void {
  const content = document.getElementById("content");
  if (!content) return;
  const beyond = [...content.querySelectorAll(".lc-sheet, .lc-resource, .lc-bars, .lc-board")].map((each) => each.scrollWidth - each.clientWidth);
  const wide = content.clientWidth + Math.max(0, ...beyond);
  const { style } = document.documentElement;
  style.setProperty("--lc-print-width", `${wide}px`);
  style.setProperty("--lc-print-zoom", String(Math.min(1, PAPER / wide)));
}

export const printAsShown = (): void => window.addEventListener("beforeprint", measured);
