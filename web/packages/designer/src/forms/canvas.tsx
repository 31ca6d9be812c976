import { HolderOutlined, WarningFilled } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useMovable, usePlaceFor } from "@lowcode/runtime/dragging";
import { useEffect, useRef, type ReactNode } from "react";
import { findingsOf, useDesign } from "../design";
import { at, isNode, pointerOf, same, type Json, type Node, type Path } from "../tree";
import { laidOut, shownBy, wayOf } from "./fields";

/** The form as whoever fills it in will see it: tabs, sections, and fields in their columns, each a place to drop on. */
export function FormCanvas() {
  const { document, choose } = useDesign();
  const whole = laidOut(document);
  return (
    <div className="lc-form-sheet" onClick={(event) => event.target === event.currentTarget && choose(null)}>
      <Sections whole={whole} list={["layout"]} />
    </div>
  );
}

function Sections({ whole, list }: { whole: Node; list: Path }) {
  const { t } = useSpeech();
  const found = at(whole, list);
  const sections = Array.isArray(found) ? found : [];
  return (
    <div>
      <Gap list={list} index={0} />
      {sections.map((section, index) =>
        isNode(section) ? (
          <div key={index}>
            {Array.isArray(section["sections"]) ? (
              <Framed path={[...list, index]} kind={t("formTab")} title={section["tab"]} className="lc-form-tab"><Sections whole={whole} list={[...list, index, "sections"]} /></Framed>
            ) : (
              <Framed path={[...list, index]} kind={t("formSection")} title={section["section"]} className="lc-form-section"><Items whole={whole} section={section} list={[...list, index, "fields"]} /></Framed>
            )}
            <Gap list={list} index={index + 1} />
          </div>
        ) : null,
      )}
    </div>
  );
}

function Items({ whole, section, list }: { whole: Node; section: Node; list: Path }) {
  const { t } = useSpeech();
  const found = at(whole, list);
  const items = Array.isArray(found) ? found : [];
  const columns = typeof section["columns"] === "number" ? section["columns"] : 2;
  return (
    <div className="lc-form-items" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
      {items.map((item, index) => <Item key={index} item={item} path={[...list, index]} columns={columns} />)}
      <div className="lc-form-last" style={{ gridColumn: "1 / -1" }}><Gap key={items.length} list={list} index={items.length} empty={items.length === 0 ? t("formDropHere") : undefined} /></div>
    </div>
  );
}

function Item({ item, path, columns }: { item: Json; path: Path; columns: number }) {
  const { document } = useDesign();
  const { t, w } = useSpeech();
  const name = shownBy(item);
  const span = name !== null && isNode(item) && typeof item["span"] === "number" ? Math.min(item["span"], columns) : 1;
  const own = name === null ? path : wayOf(document, name);
  const field = own && name !== null ? at(document, own) : undefined;
  const wide = name === null || (isNode(field) && field["type"] === "lines");
  return (
    <div className="lc-form-item" style={{ gridColumn: wide ? "1 / -1" : `span ${span}` }}>
      <Gap list={path.slice(0, -1)} index={path[path.length - 1] as number} beside />
      {name === null && isNode(item) ? (
        <Framed path={path} from={path} kind={t("divider" in item ? "formDivider" : "notice" in item ? "formNotice" : "formButton")}>
          {"divider" in item ? <div className="lc-form-divider"><span>{w(item["divider"] as string)}</span></div> : "notice" in item ? <div className="lc-form-notice">{w(item["notice"] as string)}</div> : <code>{String(item["button"])}</code>}
        </Framed>
      ) : own && isNode(field) ? (
        <FieldFace field={field} path={own} from={path} />
      ) : (
        <div className="lc-design-wrong">{String(name)}</div>
      )}
    </div>
  );
}

/** A field as a label over an empty control of its kind; lines show their columns. */
function FieldFace({ field, path, from }: { field: Node; path: Path; from?: Path }) {
  const { palette } = useDesign();
  const { t, w } = useSpeech();
  const type = String(field["type"]);
  const kind = w(palette.kinds.find((each) => each.name === type)?.title) || type;
  const title = w(field["title"] as string) || String(field["name"]);
  const columns = type === "lines" && Array.isArray(field["fields"]) ? field["fields"].filter(isNode) : null;
  return (
    <Framed path={path} from={from} kind={kind} name={title} data={String(field["name"])}>
      <div className="lc-form-label">
        {title}
        {field["required"] === true && <span className="lc-form-star" aria-label={t("formRequired")}> *</span>}
        {typeof field["visible_when"] === "string" && <code title={t("designWhen")}>{field["visible_when"]}</code>}
      </div>
      {columns ? (
        <div className="lc-form-columns">
          {columns.map((each, index) => (
            <div key={index} className="lc-form-column">
              <Gap list={[...path, "fields"]} index={index} beside />
              <FieldFace field={each} path={[...path, "fields", index]} from={[...path, "fields", index]} />
            </div>
          ))}
          <div className="lc-form-column lc-form-column-last"><Gap key={columns.length} list={[...path, "fields"]} index={columns.length} empty="+" /></div>
        </div>
      ) : (
        <div className="lc-form-control">{Array.isArray(field["options"]) ? field["options"].map((each) => w((isNode(each) ? (each["title"] ?? each["name"]) : each) as string)).join(" · ") : <span className="lc-quiet">{kind}</span>}</div>
      )}
    </Framed>
  );
}

/** A place to drop on. It is another one for another place: the drag library forgets one whose id changes under it. */
export function Gap({ list, index, empty, beside }: { list: Path; index: number; empty?: string; beside?: boolean }) {
  const { t } = useSpeech();
  const { ref, over } = usePlaceFor(`gap:${pointerOf(list)}#${index}`, t("designNumbered", { number: index + 1 }), false);
  return (
    <div className={`lc-design-gap${over ? " lc-design-gap-over" : ""}${empty ? " lc-design-gap-empty" : ""}${beside ? " lc-form-gap" : ""}`} data-gap={`${pointerOf(list)}#${index}`}>
      <div ref={ref} className="lc-design-gap-place" />
      {empty && <span>{empty}</span>}
    </div>
  );
}

interface FramedProps {
  path: Path;
  /** Where it is taken from when it is moved, if that is another place. */
  from?: Path;
  kind: string;
  title?: Json;
  name?: string;
  /** The name of a field, for whoever looks for it. */
  data?: string;
  className?: string;
  children: ReactNode;
}

export function Framed({ path, from = path, kind, title, name, data, className = "", children }: FramedProps) {
  const design = useDesign();
  const { t, w } = useSpeech();
  const { chosen, choose } = design;
  const said = name ?? (w(title as string) || kind);
  const { ref, handle, moving } = useMovable(`item:${pointerOf(from)}`, said, false);
  const on = chosen !== null && same(chosen, path);
  const wrong = findingsOf(design, path);
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    if (on) frame.current?.scrollIntoView({ block: "nearest" });
  }, [on]);
  return (
    <section
      ref={(found) => {
        frame.current = found;
        ref(found);
      }}
      tabIndex={0}
      data-block={pointerOf(path)}
      data-field={data}
      aria-label={wrong.length > 0 ? `${said}: ${wrong[0]!.message}` : said}
      aria-current={on || undefined}
      className={`lc-design-block ${className}${on ? " lc-design-chosen" : ""}${moving ? " lc-design-moving" : ""}${wrong.length > 0 ? " lc-design-faulty" : ""}`}
      onClick={(event) => (event.stopPropagation(), choose(path))}
      onFocus={(event) => event.target === event.currentTarget && !on && choose(path)}
    >
      <button type="button" ref={handle} className="lc-design-grip lc-form-grip" aria-label={t("designMove", { name: said })} tabIndex={-1}><HolderOutlined /></button>
      {title !== undefined && <h3 className="lc-form-title">{w(title as string)}</h3>}
      {wrong.length > 0 && <WarningFilled className="lc-design-flag lc-form-flag" title={wrong.map((each) => each.message).join("\n")} />}
      {children}
    </section>
  );
}
