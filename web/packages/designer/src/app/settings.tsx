import { useSpeech } from "@lowcode/kit";
import { Button, DatePicker, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { Options } from "../controls";
import { optionWords, useDesign } from "../design";
import { picked } from "../flows/schemas";
import { freeName } from "../forms/fields";
import { Code } from "../forms/inspector";
import { Items } from "../forms/settings/items";
import { listOf } from "../forms/settings/parts";
import { Labelled, Roles } from "../forms/settings/picks";
import { resolved } from "../schema";
import { spokenIn } from "../titles";
import { at, isNode, type Json, type Node, type Path } from "../tree";
import type { AppPalette } from "./page";
import { shownBy } from "./parts";
import { Shown, useShown } from "./shown";

/** Who people can be; the name of a role stays once it was published, since people have it. */
export function RolesOfApp({ written, rename }: { written: Node; rename: (path: Path, from: string, to: string) => void }) {
  const { document, palette, languages } = useDesign();
  const { w } = useSpeech();
  const schema = resolved({ $ref: "#/$defs/RoleDefinition" }, palette.schema);
  const begin = { name: freeName(listOf(document, "roles"), "role"), title: spokenIn({ "zh-CN": "新角色", en: "New role" }, languages) };
  return (
    <Items list="roles" title="appRoles" hint="appRolesHint" adding="appRoleAdd" begin={begin} called={(item) => w(item["title"] as string) || String(item["name"])}>
      {(item, path) => (
        <>
          <Options schema={picked(schema, ["title"])} path={path} />
          <Code written={written} path={path} name={String(item["name"])} label={w(optionWords(palette, "name"))} change={(next) => rename(path, String(item["name"]), next)} />
        </>
      )}
    </Items>
  );
}

/** Where people begin, by their roles. */
export function Homes() {
  const { palette } = useDesign();
  const { t, w } = useSpeech();
  const titleOf = useShown();
  const first = Object.keys((palette as AppPalette).own.form)[0];
  const roleTitle = (name: Json) => w(palette.names?.["role"]?.find((each) => each.value === name)?.title) || String(name);
  const called = (item: Node) => `${Array.isArray(item["roles"]) ? item["roles"].map(roleTitle).join(w({ "zh-CN": "、", en: ", " })) : t("formEverybody")}: ${shownBy(item) ? titleOf(shownBy(item)) : "–"}`;
  return (
    <Items list="home" title="appHome" hint="appHomeHint" adding="appHomeAdd" begin={first ? { form: first } : { tasks: true }} called={called}>
      {(_, path) => <><Roles path={[...path, "roles"]} label={t("appHomeFor")} /><Shown path={path} /></>}
    </Items>
  );
}

/** When people work: those of everybody, and those of teams. */
export function Times() {
  const { document, palette, languages } = useDesign();
  const { t, w } = useSpeech();
  const team = resolved({ $ref: "#/$defs/TeamCalendarDefinition" }, palette.schema);
  const begin = { name: freeName(listOf(document, "calendars"), "team"), title: spokenIn({ "zh-CN": "团队", en: "Team" }, languages), roles: palette.roles.slice(0, 1) };
  return (
    <>
      <section className="lc-form-items-of" aria-label={t("appTime")}>
        <h2>{t("appTime")}</h2>
        <p className="lc-quiet">{t("appTimeHint")}</p>
        <Calendar path={["calendar"]} />
      </section>
      <Items list="calendars" title="appTeams" hint="appTeamsHint" adding="appTeamAdd" begin={begin} called={(item) => w(item["title"] as string) || String(item["name"])}>
        {(_, path) => <><Options schema={picked(team, ["title", "roles", "departments", "zone"])} path={path} /><Calendar path={path} /></>}
      </Items>
    </>
  );
}

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const SPANS = ["08:00-12:00", "08:30-12:00", "09:00-12:00", "13:00-17:00", "13:00-17:30", "13:30-18:00", "09:00-18:00"];
/** A Monday: days of the week are called after it. */
const MONDAY = Date.UTC(2024, 0, 1);

function Calendar({ path }: { path: Path }) {
  const { document, palette, change } = useDesign();
  const { t, w, locale } = useSpeech();
  const schema = resolved({ $ref: "#/$defs/CalendarDefinition" }, palette.schema);
  const hours = at(document, [...path, "hours"]);
  const of = (day: string): string[] => {
    const found = isNode(hours) ? hours[day] : undefined;
    return Array.isArray(found) ? found.map(String) : [];
  };
  const known = [...new Set([...DAYS.flatMap(of), ...SPANS])].sort();
  const named = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  const alike = () => change([...path, "hours"], { ...(isNode(hours) ? hours : {}), ...Object.fromEntries(DAYS.slice(1, 5).map((day) => [day, of("monday")])) });
  return (
    <>
      <div className="lc-app-week" role="group" aria-label={w(optionWords(palette, "hours"))}>
        {DAYS.map((day, place) => {
          const label = named.format(MONDAY + place * 86_400_000);
          return <Labelled key={day} label={label}><Select mode="tags" aria-label={label} placeholder={t("appDayOff")} value={of(day)} options={known.map((value) => ({ value }))} tokenSeparators={[",", "，", "、", " "]} onChange={(next: string[]) => change([...path, "hours", day], next.length > 0 ? [...next].sort() : undefined)} /></Labelled>;
        })}
      </div>
      {of("monday").length > 0 && <Button size="small" onClick={alike}>{t("appDaysAlike")}</Button>}
      <div className="lc-form-pair">{["country", "region"].map((key) => <div key={key}><Options schema={picked(schema, [key])} path={path} /></div>)}</div>
      <div className="lc-form-pair">{["holidays", "workdays"].map((key) => <Days key={key} path={[...path, key]} />)}</div>
    </>
  );
}

/** Single days, chosen in a calendar. */
function Days({ path }: { path: Path }) {
  const { document, palette, change } = useDesign();
  const { w } = useSpeech();
  const label = w(optionWords(palette, String(path[path.length - 1])));
  const found = at(document, path);
  const days = Array.isArray(found) ? found.map((each) => dayjs(String(each))).filter((each) => each.isValid()) : [];
  const put = (next: Dayjs[] | null) => change(path, next && next.length > 0 ? next.map((each) => each.format("YYYY-MM-DD")).sort() : undefined);
  return <Labelled label={label}><DatePicker multiple className="lc-fill" aria-label={label} value={days} onChange={(next) => put(next as Dayjs[] | null)} /></Labelled>;
}

/** What the app is called, speaks and counts in. */
export function General() {
  const { palette } = useDesign();
  const { t } = useSpeech();
  return (
    <section className="lc-form-items-of" aria-label={t("appGeneral")}>
      <h2>{t("appGeneral")}</h2>
      <p className="lc-quiet">{t("appGeneralHint")}</p>
      <Options schema={picked(palette.schema, ["title", "languages", "currency", "zone", "fiscal_year_starts", "second_factor", "keep_refusals_days"])} path={[]} />
    </section>
  );
}
