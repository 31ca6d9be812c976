import { Badge, Failure, Nothing, useSpeech, Waiting, When, type TextKey } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import type { Template } from "@lowcode/runtime/papers/templates";
import { useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { useState, type ReactNode } from "react";
import { mendedAt, sortOf } from "./elsewhere";
import { draftsHere } from "./kept";
import { placed } from "./named";

/** Parts of an app, in the order they are shown. */
const GROUPS = ["pages", "automation", "outside"] as const;

/** One designer: where it is, and which documents it designs. */
export interface Designing {
  key: string;
  words: TextKey;
  /** What is made with it, in a few words. */
  about?: TextKey;
  icon: ReactNode;
  place: string[];
  group?: (typeof GROUPS)[number];
  /** The folder of its documents, and of which types they are where the folder holds several. */
  holds?: { folder: string; types?: readonly string[] };
}

/** A document, and who changed it last: nobody where it came with the folder of the app. */
interface Line {
  path: string;
  folder: string;
  name: string;
  title: Text | null;
  type: string | null;
  form: string | null;
  at: string | null;
  by: string | null;
}

const LATELY = 6;
const FOUND = 50;

const newest = (lines: Line[]): Line[] => lines.filter((each) => each.by !== null && each.at !== null).sort((one, other) => other.at!.localeCompare(one.at!));

/** Every designer with what there is of its documents, what was changed lately, and any document by its name. */
export function DesignOverview({ designers }: { designers: readonly Designing[] }) {
  const { client, session } = useRuntime();
  const { t, w } = useSpeech();
  const [sought, setSought] = useState("");
  const may = session.actor.administrator === true;
  const found = useQuery({ queryKey: ["design", "list"], queryFn: () => client.run<{ items: Line[] }>("app.document_list", {}), enabled: may, staleTime: 0 });
  if (!may) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  if (found.error) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const { items } = found.data;
  const words = sought.trim().toLowerCase();
  const matching = items.filter((each) => mendedAt(each.path, each.type ?? undefined) && `${w(each.title)} ${each.name}`.toLowerCase().includes(words));
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("design")}</h1>
        </div>
        <p className="lc-quiet">{t("designHint")}</p>
      </header>
      <Input.Search className="lc-designs-search" allowClear value={sought} placeholder={t("designFind")} aria-label={t("designFind")} onChange={(event) => setSought(event.target.value)} />
      {words === "" ? <Designers designers={designers} items={items} /> : matching.length === 0 ? <Nothing title={t("none")} /> : <Lines lines={matching.slice(0, FOUND)} designers={designers} />}
    </div>
  );
}

/** What is designed and not published: on this device, and of printing templates wherever its author was. */
function useBegun(items: Line[]): Line[] {
  const { app, client, session } = useRuntime();
  const templates = useQuery({ queryKey: ["templates"], queryFn: () => client.run<{ items: Template[] }>("printing.templates") });
  const known = new Map(items.map((each) => [each.path, each]));
  const line = (path: string, said: { [name: string]: unknown }): Line => known.get(path) ?? { path, folder: path.split("/").slice(0, -1).join("/"), name: path.split("/").at(-1)!.replace(/\.json$/, ""), title: said["title"] as Text, type: (said["type"] as string | undefined) ?? null, form: (said["form"] as string | undefined) ?? null, at: null, by: null };
  const here = [...draftsHere(app.name, session.actor.id)].map(([path, { document }]) => line(path, document));
  const papers = (templates.data?.items ?? []).filter((each) => each.source === "draft" || each.draft).map((each) => line(`printing/${each.name}.json`, { ...each }));
  return [...here, ...papers];
}

const holds = ({ holds: held }: Designing, { folder, type }: Line): boolean => held !== undefined && held.folder === folder && (!held.types || held.types.includes(type ?? ""));

function Designers({ designers, items }: { designers: readonly Designing[]; items: Line[] }) {
  const { t } = useSpeech();
  const begun = useBegun(items);
  const lately = newest(items).slice(0, LATELY);
  return (
    <>
      {begun.length > 0 && (
        <section aria-labelledby="lc-designs-begun">
          <h2 id="lc-designs-begun" className="lc-section-title">{t("designNotPublished")}</h2>
          <Lines lines={begun} designers={designers} />
        </section>
      )}
      {GROUPS.map((group) => (
        <section key={group} aria-labelledby={`lc-designs-${group}`}>
          <h2 id={`lc-designs-${group}`} className="lc-section-title">{t(`designGroup_${group}`)}</h2>
          <ul className="lc-designs">
            {designers.filter((each) => (each.group ?? "pages") === group).map((each) => <Card key={each.key} designer={each} lines={items.filter((line) => holds(each, line))} />)}
          </ul>
        </section>
      ))}
      {lately.length > 0 && (
        <section aria-labelledby="lc-designs-lately">
          <h2 id="lc-designs-lately" className="lc-section-title">{t("designLately")}</h2>
          <Lines lines={lately} designers={designers} />
        </section>
      )}
    </>
  );
}

function Card({ designer: { words, about, icon, place, holds: held }, lines }: { designer: Designing; lines: Line[] }) {
  const { t } = useSpeech();
  const [last] = newest(lines);
  return (
    <li>
      <a className="lc-designed" href={placed(place.join("/"))}>
        <span className="lc-designed-icon" aria-hidden="true">{icon}</span>
        <span className="lc-designed-words">
          <span className="lc-designed-title">
            <strong>{t(words)}</strong>
            {held?.folder && <span className="lc-quiet">{lines.length}</span>}
          </span>
          {about && <span className="lc-quiet">{t(about)}</span>}
          {last && <span className="lc-designed-last"><When at={last.at!} /> · {last.by}</span>}
        </span>
      </a>
    </li>
  );
}

/** Documents, each with the way to its designer. */
function Lines({ lines, designers }: { lines: Line[]; designers: readonly Designing[] }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  return (
    <ul className="lc-sheet lc-designs-lines">
      {lines.map((each) => {
        const place = mendedAt(each.path, each.type ?? undefined);
        const sort = designers.find((designer) => holds(designer, each))?.words ?? sortOf(each.path);
        const title = w(each.title) || each.name;
        return (
          <li key={each.path}>
            <span>
              {place ? <a href={placed(place.join("/"))}>{title}</a> : title} {sort && <Badge color="gray">{t(sort)}</Badge>}
            </span>
            <span className="lc-quiet">{w(app.forms[each.form ?? ""]?.title)}</span>
            <span className="lc-quiet">{each.by !== null && each.at !== null && <><When at={each.at} /> · {each.by}</>}</span>
          </li>
        );
      })}
    </ul>
  );
}
