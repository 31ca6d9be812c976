/** Keeps a box saying on which sides there is more of it than is seen, which the styles show; `look` is called with it
 * whenever that may have changed. What is pinned to an edge stays in sight whole. Gives back how to stop. */
export function watchBeyond(element: HTMLElement, pinned = false, look: () => void = () => undefined): () => void {
  const say = () => {
    look();
    const { scrollLeft, scrollWidth, clientWidth } = element;
    const beyond = pinned ? "" : [scrollLeft > 1 && "start", scrollLeft + clientWidth < scrollWidth - 1 && "end"].filter(Boolean).join(" ");
    if (element.dataset["beyond"] !== beyond) element.dataset["beyond"] = beyond;
  };
  const watch = new ResizeObserver(say);
  watch.observe(element);
  if (element.firstElementChild) watch.observe(element.firstElementChild);
  element.addEventListener("scroll", say, { passive: true });
  return () => {
    watch.disconnect();
    element.removeEventListener("scroll", say);
  };
}
