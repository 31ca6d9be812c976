import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useMovable } from "@lowcode/runtime/dragging";
import type { StepKind } from "./page";

/** Kinds of steps that may be put on an arrow. */
export function StepKinds({ kinds, groups }: { kinds: StepKind[]; groups: Record<string, Text> }) {
  const { t, w } = useSpeech();
  const usual = kinds.filter((each) => each.begin !== null);
  return (
    <div className="lc-design-palette">
      <p className="lc-quiet">{t("flowPaletteHint")}</p>
      {[...new Set(usual.map((each) => each.group))].map((group) => (
        <section key={group}>
          <h3>{w(groups[group]) || group}</h3>
          {usual.filter((each) => each.group === group).map((each) => <Movable key={each.name} kind={each} />)}
        </section>
      ))}
    </div>
  );
}

function Movable({ kind }: { kind: StepKind }) {
  const { w } = useSpeech();
  const { ref, moving } = useMovable(`new:${kind.name}`, w(kind.title), false);
  return (
    <div ref={ref} data-put={kind.name} className={moving ? "lc-design-kind lc-design-moving" : "lc-design-kind"}>
      {w(kind.title)}
    </div>
  );
}
