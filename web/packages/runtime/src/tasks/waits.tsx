import { link, useSpeech } from "@lowcode/kit";
import { useId } from "react";
import { TaskLine } from "./line";
import { useOpenTasks } from "./open";

/** What others wait for, above everything else on the page somebody begins at; nothing when nobody waits. */
export function Waits() {
  const { t } = useSpeech();
  const { count, first } = useOpenTasks();
  const heading = useId();
  if (first.length === 0) return null;
  return (
    <section className="lc-waits" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>
          {t("waitsForYou")}
          <span className="lc-pill">{count}</span>
        </h2>
        <a href={link(["tasks"])}>{t("waitsAll")}</a>
      </header>
      <ul>
        {first.map((task) => (
          <li key={task.id}>
            <TaskLine task={task} box="open" chosen={false} />
          </li>
        ))}
      </ul>
    </section>
  );
}
