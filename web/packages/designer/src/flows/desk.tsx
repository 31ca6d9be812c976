import { useNarrow, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Dragging } from "@lowcode/runtime/dragging";
import { App, Button, Drawer } from "antd";
import { useMemo, useState } from "react";
import { DesignContext, type Design, type Offer, type Palette } from "../design";
import { at, isNode, pathOf, pointerOf, put, same, type Node, type Path } from "../tree";
import { quoted } from "../rules/clauses";
import { Head, useKeys, useWork } from "../work";
import { FlowCanvas } from "./canvas";
import { DeedsContext } from "./deeds";
import { DropDialog, dropsOf } from "./drop_dialog";
import { FlowInspector } from "./inspector";
import { shiftStep } from "./moving";
import { AboutFlow, ownFlowOption } from "./own";
import { titles, type FlowPalette } from "./page";
import { StepKinds } from "./sides";
import { choosable, levelOf, renameStep, stepsOf } from "./steps";
import { exitsOf } from "./tidy";
import { useDeeds } from "./use_deeds";

interface Props {
  name: string;
  base: string;
  begun: Node;
  palette: FlowPalette;
  reopen: () => void;
}

/** The desk: kinds of steps on the left, the flow in the middle, what the chosen step says on the right; on a phone the
 * flow alone, and what is chosen over it. */
export function FlowDesk({ name, base, begun, palette, reopen }: Props) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const { message } = App.useApp();
  const narrow = useNarrow();
  const work = useWork(`flows/${name}.json`, base, begun, "flows.check");
  const { document, chosen: wanted, findings } = work;
  /** On a phone what is chosen lies over the flow until it is put away; it stays chosen, to be moved. */
  const [away, setAway] = useState(false);
  const act: typeof work.act = (deed) => (setAway(away && (deed.type === "undo" || deed.type === "redo")), work.act(deed));
  const chosen = wanted && at(document, wanted) !== undefined ? wanted : null;
  const blocks = useMemo(() => choosable(document), [document]);
  const { ways } = palette;
  const deeds = useDeeds(document, palette, act);
  const [dropping, setDropping] = useState<Path | null>(null);
  const [settings, setSettings] = useState(false);
  const form = app.forms[String(document["form"])];
  const level = levelOf(chosen ? (at(document, chosen.slice(0, 2)) as Node) : undefined);
  const known = useMemo<Palette>(() => {
    const fields = (form?.fields ?? []).filter((each) => each.system !== true).map((each) => ({ value: each.name, title: each.title ?? each.name }));
    const called = (role: string) => app.roles?.find((each) => each.name === role)?.title;
    const offered = (fits: (step: Node) => boolean) => stepsOf(document).filter(fits).map((each) => ({ value: String(each["id"]), title: (each["title"] as string) || (palette.kinds.find((kind) => kind.name === each["type"])?.title ?? String(each["id"])) }));
    const onward = offered((each) => levelOf(each) === level && each["type"] !== "start" && each["type"] !== "handler");
    const done = offered((each) => levelOf(each) === level && !["start", "end", "join", "parallel", "inclusive", "handler"].includes(String(each["type"])));
    return {
      ...palette,
      people: palette.people.map((each) => ({ login: each.name, name: w(each.title) || each.name })),
      kinds: [],
      variables: [{ path: "starter", title: t("flowStarter") }],
      pictures: [],
      reports: [],
      outputs: [],
      names: {
        ...Object.fromEntries(ways.map((each) => [each, onward])),
        ...Object.fromEntries(["editable", "hidden", "required"].map((each) => [each, fields])),
        link_by: [{ value: "mail", title: palette.words.choices["mail"] ?? "mail" }, ...palette.names.channel.map((value) => ({ value, title: value }))],
        returns: [...["starter", "previous", "any"].map((value) => ({ value, title: palette.words.choices[value === "any" ? "any_step" : value] ?? value })), ...offered((each) => each["type"] === "approve" || each["type"] === "task")],
        undoes: done,
        undo: [{ value: "*", title: t("flowUndoAll") }, ...done],
        form: titles(palette.names.form, (each) => app.forms[each]?.title),
        flow: titles(palette.names.flow, (each) => app.flows?.[each]?.title),
        template: titles(palette.names.template, () => undefined),
        connector: titles(palette.names.connector, () => undefined),
        role: titles(palette.roles, called),
        roles: titles(palette.roles, called),
        until_role: titles(palette.roles, called),
        among: titles(palette.roles, called),
        user: palette.people.map((each) => ({ value: each.name, title: each.title })),
        departments: palette.departments.map((each) => ({ value: quoted(each.name), title: each.title })),
      },
    };
  }, [document, palette, app, form, ways, level, t, w]);
  const offers = useMemo(() => {
    const offer = (each: { name: string; title?: unknown; type: string }): Offer => ({ path: each.name, title: (each.title as string) || each.name, type: each.type });
    const fields = form?.fields ?? [];
    const linked = fields.filter((each) => each.to && app.forms[each.to]).map((each) => ({ ...offer(each), items: app.forms[each.to!]!.fields.map((one) => ({ ...offer(one), path: `${each.name}.${one.name}` })) }));
    return { own: fields.map(offer), linked, rows: [] };
  }, [form, app]);
  const drop = (path: Path) => {
    const found = dropsOf(document, path, ways);
    if (found.length === 0) void message.warning(t("flowNotDropped"));
    else if (found.length === 1 && found[0]!.gone.length === 0) deeds.done({ document: found[0]!.document, chosen: null });
    else setDropping(path);
  };
  const shift = (up: boolean) => {
    const found = chosen && chosen.length === 2 ? shiftStep(document, chosen, up, ways) : null;
    if (found) deeds.done(found);
  };
  /** Where something is put that was dropped on a step: behind it. */
  const behind = (step: Path): Path | undefined => exitsOf(document, String((at(document, step) as Node)["id"]), ways)[0]?.path;
  const dropped = (id: string, place: string) => {
    const [what, thing] = parted(id);
    const [where, spot] = parted(place);
    const step = where === "step" ? pathOf(spot) : undefined;
    const arrow = where === "way" ? pathOf(spot) : step && behind(step);
    if (what === "event") return deeds.putEvent(step ?? pathOf(spot).slice(0, 2), thing);
    if (where === "foot") return thing === "handler" ? deeds.putHandler(spot) : void message.info(t("flowPaletteHint"));
    if (!arrow) return void message.warning(t("flowNotThere"));
    if (what === "new") deeds.putKind(thing, arrow);
    else if (place !== id) deeds.move(pathOf(thing), arrow);
  };
  /** A kind that is pressed goes behind what is chosen, an event to it. */
  const press = (id: string) => {
    const own = chosen?.slice(0, 2);
    if (own) dropped(id, `step:${pointerOf(own)}`);
    else if (id === "new:handler") deeds.putHandler("");
    else void message.info(t("flowChooseFirst"));
  };
  const keys = useKeys(act, ".lc-flow-canvas", (event) => {
    const does = (deed: () => void) => (event.preventDefault(), deed());
    if (!chosen) return;
    if (event.key === "Delete" || event.key === "Backspace") return does(() => drop(chosen));
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) return does(() => shift(event.key === "ArrowUp"));
  });
  const choose = (path: Path | null) => act({ type: "choose", chosen: path });
  const design: Design = {
    name, document, palette: known, offers, findings, blocks, chosen, language: locale, languages: palette.languages, choose, drop,
    change: (path, value) => act({ type: "change", document: put(document, path, value), what: pointerOf(path) }),
    add: () => undefined,
    shift: (from, list, index) => {
      const items = at(document, list);
      const place = from[from.length - 1] as number;
      if (!Array.isArray(items) || !same(from.slice(0, -1), list)) return;
      const rest = items.filter((_, each) => each !== place);
      const next = index > place ? index - 1 : index;
      rest.splice(next, 0, items[place]!);
      act({ type: "change", document: put(document, list, rest), what: "", ...(chosen && same(chosen, from) ? { chosen: [...list, next] } : {}) });
    },
    own: (option) => ownFlowOption(option, document),
    upload: () => Promise.reject(new Error("a flow has no pictures")),
  };
  const step = chosen?.length === 2 ? at(document, chosen) : undefined;
  const inspector = <AboutFlow form={String(document["form"])}><FlowInspector form={form} written={begun} shift={shift} removable={chosen !== null && (chosen.length > 2 || (isNode(step) && dropsOf(document, chosen, ways).length > 0))} rename={(id) => chosen && act({ type: "change", document: renameStep(document, chosen, id, ways), what: `${pointerOf(chosen)}/id` })} /></AboutFlow>;
  const close = () => (setSettings(false), setAway(true));
  return (
    <DesignContext value={design}>
      <DeedsContext value={deeds}>
        <div className={narrow ? "lc-designer lc-flow-phone" : "lc-designer"} onKeyDown={keys}>
          <Head work={work} title={w(document["title"] as string) || name} back={{ place: "flows", words: "flows" }} blocks={blocks} reopen={reopen} />
          <Dragging onMove={dropped}>
            <div className="lc-design-desk">
              {!narrow && <aside className="lc-design-left" aria-label={t("flowSteps")}><StepKinds kinds={palette.kinds} groups={palette.words.groups} press={press} /></aside>}
              <div className="lc-design-canvas lc-flow-canvas">
                {narrow && <Button size="small" onClick={() => (choose(null), setSettings(true))}>{t("flowDesign")}</Button>}
                <FlowCanvas />
              </div>
              {narrow ? <Drawer open={settings || (chosen !== null && !away)} placement="bottom" size="72%" title={null} closable={{ placement: "end" }} onClose={close} rootClassName="lc-flow-drawer">{inspector}</Drawer> : <aside className="lc-design-right">{inspector}</aside>}
            </div>
          </Dragging>
          {dropping && at(document, dropping) !== undefined && <DropDialog path={dropping} offers={dropsOf(document, dropping, ways)} close={() => setDropping(null)} />}
        </div>
      </DeedsContext>
    </DesignContext>
  );
}

const parted = (id: string): [string, string] => [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];

