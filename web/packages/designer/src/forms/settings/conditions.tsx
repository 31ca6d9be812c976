import { PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Condition, Field, FilterGroup } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { filterable, isGroup, needsValue } from "@lowcode/runtime/grid/conditions";
import { first, Group } from "@lowcode/runtime/grid/filter_editor";
import { Button } from "antd";
import { useMemo } from "react";
import { useDesign } from "../../design";
import { at, isNode, type Json, type Path } from "../../tree";
import { fieldsOf } from "../fields";
import { Labelled } from "./picks";

/** Records are known by other numbers in every database: a definition compares links with whoever looks, or with nothing. */
const RECORDS: ReadonlySet<string> = new Set(["link", "links", "link_any", "member", "members", "department", "departments"]);

/** What a view shows only, put together of fields, comparisons and values, in groups in groups, as in any list. */
export function Conditions({ path }: { path: Path }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const written = at(document, path);
  const group = isNode(written) ? ({ conditions: [], ...written } as unknown as FilterGroup) : null;
  const fields = useComparable(group);
  const put = (next: FilterGroup) => change(path, next.conditions.length === 0 ? undefined : (next as unknown as Json));
  if (!group && fields.length === 0) return null;
  return (
    <Labelled label={t("formViewFilter")}>
      {group ? (
        <Group fields={fields} group={group} change={put} depth={1} />
      ) : (
        <Button size="small" type="text" icon={<PlusOutlined />} onClick={() => put({ match: "all", conditions: [first(fields)] })}>
          {t("filterAdd")}
        </Button>
      )}
    </Labelled>
  );
}

/** The published fields of the form and of those it links to, and whatever else the conditions name, as it is written. */
function useComparable(group: FilterGroup | null): Field[] {
  const { document, name } = useDesign();
  const { app } = useRuntime();
  const { w } = useSpeech();
  const known = useMemo(() => {
    const there = new Set(fieldsOf(document).map((each) => each["name"]));
    const own = (app.forms[name]?.fields ?? []).filter((each) => each.system === true || there.has(each.name));
    const linked = own
      .filter((each) => each.type === "link" && typeof each.to === "string")
      .flatMap((link) => (app.forms[link.to as string]?.fields ?? []).filter((each) => !each.system).map((each): Field => ({ ...each, name: `${link.name}.${each.name}`, title: `${w(link.title) || link.name} › ${w(each.title) || each.name}` })));
    return [...own, ...linked].map(withoutRecords).filter(filterable);
  }, [document, app, name, w]);
  return useMemo(() => {
    const named = group ? every(group) : [];
    const operators = new Map<string, string[]>();
    for (const { field, operator } of named) operators.set(field, [...new Set([...(operators.get(field) ?? known.find((each) => each.name === field)?.operators ?? []), operator])]);
    const written = (each: Field): Field => ({ ...each, operators: operators.get(each.name) ?? each.operators });
    const strange = [...operators.keys()].filter((field) => !known.some((each) => each.name === field)).map((field): Field => ({ name: field, title: field, type: "text" }) as Field);
    return [...known, ...strange].map(written);
  }, [known, group]);
}

const withoutRecords = (field: Field): Field => (RECORDS.has(field.type) ? { ...field, operators: (field.operators ?? []).filter((each) => !needsValue(each)) } : field);

const every = (group: FilterGroup): Condition[] => group.conditions.flatMap((each) => (isGroup(each) ? every(each) : [each]));
