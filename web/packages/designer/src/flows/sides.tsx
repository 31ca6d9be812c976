import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useMovable } from "@lowcode/runtime/dragging";
import type { ReactNode } from "react";
import { EVENT_FACES } from "./faces";
import type { StepKind } from "./page";

interface Props {
  kinds: StepKind[];
  groups: Record<string, Text>;
  press: (id: string) => void;
}

/** Kinds of steps that may be put on an arrow, and events that may be put on a step. */
export function StepKinds({ kinds, groups, press }: Props) {
  const { t, w } = useSpeech();
  const usual = kinds.filter((each) => each.begin !== null);
  return (
    <div className="lc-design-palette">
      <p className="lc-quiet">{t("flowPaletteHint")}</p>
      {[...new Set(usual.map((each) => each.group))].map((group) => (
        <section key={group}>
          <h2>{w(groups[group]) || group}</h2>
          {usual.filter((each) => each.group === group).map((each) => <Movable key={each.name} id={`new:${each.name}`} data={each.name} name={w(each.title)} press={press} />)}
        </section>
      ))}
      <section>
        <h2>{t("flowEvents")}</h2>
        <p className="lc-quiet">{t("flowEventsHint")}</p>
        {Object.entries(EVENT_FACES).map(([what, { icon: Icon, words }]) => <Movable key={what} id={`event:${what}`} data={`event-${what}`} name={t(words)} press={press}><Icon /> </Movable>)}
      </section>
    </div>
  );
}

function Movable({ id, data, name, press, children }: { id: string; data: string; name: string; press: (id: string) => void; children?: ReactNode }) {
  const { ref, moving } = useMovable(id, name, false);
  return (
    <button type="button" ref={ref} data-put={data} className={moving ? "lc-design-kind lc-design-moving" : "lc-design-kind"} onClick={() => press(id)}>
      {children}{name}
    </button>
  );
}
