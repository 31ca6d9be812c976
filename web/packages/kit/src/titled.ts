import { useEffect, useState } from "react";

/** What the page before somebody is called: its first heading, as it changes. Empty where there is none yet. */
export function useHeading(): string {
  const [heading, setHeading] = useState("");
  useEffect(() => {
    const content = document.getElementById("content");
    if (!content) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      setHeading(content.querySelector("h1")?.textContent?.trim() ?? "");
    };
    const watch = new MutationObserver(() => {
      frame ||= requestAnimationFrame(look);
    });
    watch.observe(content, { childList: true, subtree: true, characterData: true });
    look();
    return () => {
      cancelAnimationFrame(frame);
      watch.disconnect();
    };
  }, []);
  return heading;
}
