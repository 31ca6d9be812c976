import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Dragging } from "@lowcode/runtime/dragging";
import { useMemo } from "react";
import { DesignContext, type Design, type Offer, type Palette } from "../design";
import { resolved } from "../schema";
import { at, isNode, pathOf, pointerOf, put, same, type Node, type Path } from "../tree";
import { Head, useKeys, useWork } from "../work";
import { FlowCanvas } from "./canvas";
import { FlowInspector } from "./inspector";
import { titles, type FlowPalette } from "./page";
import { StepKinds } from "./sides";
import { addStep, choosable, dropStep, renameStep, stepsOf } from "./steps";

interface Props {
  name: string;
  base: string;
  begun: Node;
  palette: FlowPalette;
  reopen: () => void;
}

/** The desk: kinds of steps on the left, the flow in the middle, what the chosen step says on the right. */
export function FlowDesk({ name, base, begun, palette, reopen }: Props) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const work = useWork(`flows/${name}.json`, base, begun);
  const { document, chosen, act, findings } = work;
  const blocks = useMemo(() => choosable(document), [document]);
  const { ways } = palette;
  const form = app.forms[String(document["form"])];
  const known = useMemo<Palette>(() => {
    const steps = stepsOf(document).map((each) => ({ value: String(each["id"]), title: (each["title"] as string) || (palette.kinds.find((kind) => kind.name === each["type"])?.title ?? String(each["id"])) }));
    return {
      ...palette,
      kinds: [],
      variables: [{ path: "starter", title: t("flowStarter") }],
      pictures: [],
      reports: [],
      outputs: [],
      names: {
        ...Object.fromEntries([...ways, "returns"].map((each) => [each, steps])),
        form: titles(palette.names.form, (each) => app.forms[each]?.title),
        flow: titles(palette.names.flow, (each) => app.flows?.[each]?.title),
        template: titles(palette.names.template, () => undefined),
        role: titles(palette.roles, () => undefined),
        roles: titles(palette.roles, () => undefined),
      },
    };
  }, [document, palette, app, ways, t]);
  const offers = useMemo(() => {
    const offer = (each: { name: string; title?: unknown; type: string }): Offer => ({ path: each.name, title: (each.title as string) || each.name, type: each.type });
    const fields = form?.fields ?? [];
    const linked = fields.filter((each) => each.to && app.forms[each.to]).map((each) => ({ ...offer(each), items: app.forms[each.to!]!.fields.map((one) => ({ ...offer(one), path: `${each.name}.${one.name}` })) }));
    return { own: fields.map(offer), linked, rows: [] };
  }, [form, app]);
  const done = (found: { document: Node; chosen: Path | null } | null) => found && act({ type: "change", document: found.document, what: "", chosen: found.chosen });
  const putKind = (kind: string, arrow: Path) => {
    const found = palette.kinds.find((each) => each.name === kind);
    if (!found?.begin) return;
    const way = palette.schema.properties?.["nodes"]?.items?.discriminator?.mapping[kind];
    const schema = way ? resolved({ $ref: way }, palette.schema) : undefined;
    const exits = ["to", "approved", "rejected"].filter((each) => schema?.properties?.[each] && (each === "to" || schema.required?.includes(each)));
    done(addStep(document, structuredClone(found.begin), arrow, kind === "end" ? [] : exits));
  };
  const drop = (path: Path) => {
    const next = dropStep(document, path, ways);
    if (next) act({ type: "change", document: next, what: "", chosen: null });
  };
  const dropped = (id: string, place: string) => {
    if (id.startsWith("new:") && place.startsWith("way:")) putKind(id.slice(4), pathOf(place.slice(4)));
  };
  const keys = useKeys(act, ".lc-flow-canvas", (event) => {
    const does = (deed: () => void) => (event.preventDefault(), deed());
    if (chosen && (event.key === "Delete" || event.key === "Backspace")) return does(() => drop(chosen));
  });
  const design: Design = {
    name, document, palette: known, offers, findings, blocks, chosen: chosen && at(document, chosen) !== undefined ? chosen : null, language: locale, languages: palette.languages,
    choose: (path) => act({ type: "choose", chosen: path }),
    change: (path, value) => act({ type: "change", document: put(document, path, value), what: pointerOf(path) }),
    add: () => undefined,
    shift: (from, list, index) => {
      const items = at(document, list);
      const place = from[from.length - 1] as number;
      if (!Array.isArray(items) || !same(from.slice(0, -1), list)) return;
      const rest = items.filter((_, each) => each !== place);
      rest.splice(index > place ? index - 1 : index, 0, items[place]!);
      act({ type: "change", document: put(document, list, rest), what: "" });
    },
    drop,
    upload: () => Promise.reject(new Error("a flow has no pictures")),
  };
  const step = chosen ? at(document, chosen) : undefined;
  return (
    <DesignContext value={design}>
      <div className="lc-designer" onKeyDown={keys}>
        <Head work={work} title={w(document["title"] as string) || name} back={{ place: "flows", words: "flows" }} blocks={blocks} reopen={reopen} />
        <Dragging onMove={dropped}>
          <div className="lc-design-desk">
            <aside className="lc-design-left" aria-label={t("flowSteps")}><StepKinds kinds={palette.kinds} groups={palette.words.groups} /></aside>
            <div className="lc-design-canvas lc-flow-canvas"><FlowCanvas kinds={palette.kinds} ways={ways} words={palette.words.options} put={putKind} /></div>
            <aside className="lc-design-right">
              <FlowInspector kinds={palette.kinds} form={form} written={begun} removable={isNode(step) && chosen !== null && dropStep(document, chosen, ways) !== null} rename={(id) => chosen && act({ type: "change", document: renameStep(document, chosen, id, ways), what: `${pointerOf(chosen)}/id` })} />
            </aside>
          </div>
        </Dragging>
      </div>
    </DesignContext>
  );
}
