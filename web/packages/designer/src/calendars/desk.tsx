import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button, Segmented } from "antd";
import { useMemo } from "react";
import { rolesOf, zones } from "../app/parts";
import { Section } from "../connections/mapping";
import { Options } from "../controls";
import { DesignContext, useDesign, type Design, type Offers, type Palette } from "../design";
import { picked } from "../flows/schemas";
import type { Begun } from "../opened";
import { Wrong } from "../rules/about";
import { codeOf } from "../titles";
import { at, isNode, pathOf, pointerOf, put, remove, type Node, type Path } from "../tree";
import { Head, useKeys, useWork } from "../work";
import { placeOf } from "./days";
import { DaysOff, HoursOf } from "./hours";
import type { CalendarPalette } from "./page";
import { Where } from "./where";
import { WhenOver } from "./when";
import { YearAtAGlance } from "./year";

const NO_OFFERS: Offers = { own: [], linked: [], rows: [] };
const teamsOf = (document: Node): Node[] => {
  const found = document["calendars"];
  return Array.isArray(found) ? found.filter(isNode) : [];
};

/** The calendar in which something that is chosen stands: the usual one while nothing is. */
const placeIn = (document: Node, chosen: Path | null): Path => (chosen?.[0] === "calendars" && isNode(at(document, chosen.slice(0, 2))) ? chosen.slice(0, 2) : ["calendar"]);
const nameAt = (document: Node, place: Path): string | null => (place[0] === "calendars" ? String(at(document, [...place, "name"])) : null);
/** What is wrong with the rest of the app is mended on its desk. */
const ofCalendars = (pointer: string): boolean => ["calendar", "calendars"].includes(String(pathOf(pointer)[0]));

/** The desk of the working calendars: what one says, a year by it at a glance, and when working time is over. */
export function CalendarDesk({ name, path, base, begun, palette, reopen }: Begun<CalendarPalette>) {
  const { t, w, locale } = useSpeech();
  const work = useWork(path, base, begun, "app.check_document");
  const { document, settled, act } = work;
  const place = placeIn(document, work.chosen);
  const shown = nameAt(document, place);
  const asked = placeOf(settled, shown) ? shown : null; // a new one is asked about once it is settled
  const findings = useMemo(() => work.findings.filter((each) => each.elsewhere === undefined && ofCalendars(each.pointer)), [work.findings]);
  const known = useMemo<Palette>(() => {
    const roles = rolesOf(document);
    const names = { departments: palette.departments.map((value) => ({ value, title: value })), roles, zone: zones() };
    return { ...palette, kinds: [], variables: [], pictures: [], reports: [], outputs: [], roles: roles.map((each) => each.value), names };
  }, [palette, document]);
  const keys = useKeys(act, ".lc-connection-desk", () => undefined);
  const changed = (next: Node, what = "", way?: Path | null) => act({ type: "change", document: next, what, chosen: way });
  const design: Design = {
    name, document, palette: known, offers: NO_OFFERS, findings, blocks: [], chosen: null, language: locale, languages: palette.languages,
    choose: (way) => act({ type: "choose", chosen: way }), add: () => undefined, shift: () => undefined,
    drop: (way) => changed(remove(document, way), "", null),
    change: (way, value) => changed(put(document, way, value), pointerOf(way)),
    upload: () => Promise.reject(new Error("a calendar has no pictures")),
  };
  const begin = () => {
    const own = codeOf("", "calendar", (wanted) => teamsOf(document).some((each) => each["name"] === wanted));
    const usual = isNode(document["calendar"]) ? document["calendar"] : {};
    const title = palette.languages.length > 1 ? { [locale]: t("calendarNewTitle") } : t("calendarNewTitle");
    const way = ["calendars", teamsOf(document).length];
    changed(put(document, way, { name: own, title, roles: known.roles.slice(0, 1), ...usual }), "", way);
  };
  const items = [{ value: "", label: t("calendarUsual") }, ...teamsOf(document).map((each) => ({ value: String(each["name"]), label: w(each["title"] as string) || String(each["name"]) }))];
  return (
    <DesignContext value={design}>
      <div className="lc-designer lc-connection-designer" onKeyDown={keys}>
        <Head work={{ ...work, findings: work.findings.map((each) => (ofCalendars(each.pointer) ? each : { elsewhere: path, ...each })) }} title={`${t("designCalendars")} · ${items.find((each) => each.value === (shown ?? ""))!.label}`} back={{ place: "app/times", words: "designApp" }} blocks={[["calendar"], ...teamsOf(document).map((_, index): Path => ["calendars", index])]} reopen={reopen} />
        <div className="lc-connection-desk">
          <section className="lc-design-inspector lc-worded lc-calendars" aria-label={t("designCalendars")}>
            <p className="lc-quiet">{t("designCalendarsHint")}</p>
            <div className="lc-calendar-which">
              <Segmented aria-label={t("designCalendars")} value={shown ?? ""} options={items} onChange={(next) => design.choose(placeOf(document, next === "" ? null : String(next)))} />
              <Button size="small" icon={<PlusOutlined />} onClick={begin}>{t("calendarAdd")}</Button>
            </div>
            <div className="lc-calendar-desk">
              <div><CalendarOptions key={pointerOf(place)} place={place} palette={palette} away={() => design.drop(place)} /></div>
              <div>
                <YearAtAGlance calendar={asked} place={place} document={settled} today={palette.today} put={changed} />
                <WhenOver key={asked ?? ""} calendar={asked} place={place} document={settled} />
              </div>
            </div>
          </section>
        </div>
      </div>
    </DesignContext>
  );
}

function CalendarOptions({ place, palette, away }: { place: Path; palette: CalendarPalette; away: () => void }) {
  const { t } = useSpeech();
  const { document, palette: known } = useDesign();
  const team = place[0] === "calendars";
  return (
    <>
      <Wrong path={place} />
      {team && (
        <DesignContext value={{ ...useDesign(), palette: { ...known, schema: palette.team } }}>
          <Section title={t("calendarWhose")}>
            <Options schema={picked(palette.team, ["title", "departments", "roles", "zone"])} path={place} />
            <Button size="small" danger icon={<DeleteOutlined />} onClick={away}>{t("calendarAway")}</Button>
          </Section>
        </DesignContext>
      )}
      <Section title={t("calendarHours")} hint={t("calendarHoursHint")} at={[pointerOf([...place, "hours"])]}>
        <HoursOf path={[...place, "hours"]} />
      </Section>
      <Section title={t("calendarPublic")} hint={t("calendarPublicHint")}>
        <Where path={place} countries={palette.countries} />
      </Section>
      <Section title={t("calendarOwn")} hint={t("calendarOwnHint")}>
        <DaysOff path={[...place, "holidays"]} name="holidays" />
        <DaysOff path={[...place, "workdays"]} name="workdays" />
      </Section>
      {team && document["calendar"] !== undefined && <p className="lc-quiet">{t("calendarTeamHint")}</p>}
    </>
  );
}
