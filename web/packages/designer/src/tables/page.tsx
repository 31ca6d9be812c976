import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import type { Palette } from "../design";
import { Designed } from "../opened";
import { Desk } from "./desk";
import { TablesList } from "./list";

interface TablePalette extends Omit<Palette, "people"> {
  forms: string[];
  people: { name: string; title: Text }[];
}

/** The designer of one decision table, or the tables there are. */
export default function TableDesignerPage({ name }: { name?: string }) {
  const { app } = useRuntime();
  const { w } = useSpeech();
  const known = (palette: TablePalette): Palette => ({ ...palette, variables: [], pictures: [], reports: [], outputs: [], names: { form: palette.forms.map((value) => ({ value, title: app.forms[value]?.title ?? value })) }, people: palette.people.map((each) => ({ login: each.name, name: w(each.title) || each.name })) });
  return <Designed<TablePalette> name={name} place="tables" type="table" palette="rules.table_palette" words={{ list: "designTables", gone: "tableGone" }} list={<TablesList />} desk={({ palette, ...begun }) => <Desk {...begun} palette={known(palette)} />} />;
}
