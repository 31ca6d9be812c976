import { CalendarOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import { Options } from "../controls";
import { optionWords, useDesign } from "../design";
import { picked } from "../flows/schemas";
import { freeName } from "../forms/fields";
import { Code } from "../forms/inspector";
import { Items } from "../forms/settings/items";
import { listOf } from "../forms/settings/parts";
import { Roles } from "../forms/settings/picks";
import { placed } from "../named";
import { resolved } from "../schema";
import { spokenIn } from "../titles";
import { isNode, type Json, type Node, type Path } from "../tree";
import type { AppPalette } from "./page";
import { shownBy } from "./parts";
import { Shown, useShown } from "./shown";

/** Who people can be; the name of a role stays once it was published, since people have it. */
export function RolesOfApp({ written, rename }: { written: Node; rename: (path: Path, to: string) => void }) {
  const { document, palette, languages } = useDesign();
  const { w } = useSpeech();
  const schema = resolved({ $ref: "#/$defs/RoleDefinition" }, palette.schema);
  const begin = { name: freeName(listOf(document, "roles"), "role"), title: spokenIn({ "zh-CN": "新角色", en: "New role" }, languages) };
  return (
    <Items list="roles" title="appRoles" hint="appRolesHint" adding="appRoleAdd" begin={begin} called={(item) => w(item["title"] as string) || String(item["name"])}>
      {(item, path) => (
        <>
          <Options schema={picked(schema, ["title"])} path={path} />
          <Code written={written} path={path} name={String(item["name"])} label={w(optionWords(palette, "name"))} change={(next) => rename(path, next)} />
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

/** When people work: which calendars there are, and the way to their own desk, which goes on with the same draft. */
export function CalendarsOfApp() {
  const { document } = useDesign();
  const { t, w } = useSpeech();
  const teams = listOf(document, "calendars").filter(isNode);
  return (
    <section className="lc-form-items-of" aria-label={t("designCalendars")}>
      <h2>{t("designCalendars")}</h2>
      <p className="lc-quiet">{t("designCalendarsHint")}</p>
      <ul>{[t("calendarUsual"), ...teams.map((each) => w(each["title"] as string) || String(each["name"]))].map((each, place) => <li key={place}>{each}</li>)}</ul>
      <Button type="primary" icon={<CalendarOutlined />} href={placed("app/calendars")}>{t("calendarsOpen")}</Button>
    </section>
  );
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
