import { useSpeech } from "@lowcode/kit";
import type { Reference } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Spin, TreeSelect } from "antd";
import { useMemo, useState } from "react";
import { keptInstead } from "../../offline/choices";
import { DEPARTMENTS } from "../../offline/wanted";
import { useRuntime } from "../../runtime";
import { status, type InputProps } from "../widget";
import { above, arranged, type Node } from "./branches";

interface Known {
  id: number;
  label: string;
  parent: number | null;
}

/** Up to so many departments all branches are open. */
const FEW = 40;

/** Chooses a department, or several, where they hang under others; a search leaves the branches in which something is found. */
export function DepartmentInput({ value, onChange, id, label, disabled, invalid, field, many }: InputProps & { many?: boolean }) {
  const { client, session } = useRuntime();
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [expanded, setExpanded] = useState<number[] | null>(null);
  const { data, isPending } = useQuery({
    queryKey: ["departments"],
    queryFn: async ({ signal }) => ({ items: (await keptInstead(session.actor.id, DEPARTMENTS, async () => (await client.run<{ items: Known[] }>("identity.departments", {}, { signal })).items)) as Known[] }),
    enabled: open,
    staleTime: 30_000,
  });
  const nodes = useMemo(() => arranged((data?.items ?? []).map((each): Node => ({ id: each.id, pId: each.parent, value: each.id, title: each.label, selectable: true })), false), [data]);
  const chosen = ([value ?? []] as (Reference | Reference[])[]).flat(2);
  // What is chosen has its words before the departments are there.
  const missing = chosen.filter(({ id: key }) => !nodes.some((each) => each.id === key)).map(({ id: key, label: title }): Node => ({ id: key, pId: null, value: key, title, isLeaf: true, selectable: true }));
  const opened = nodes.length <= FEW ? nodes.map((each) => each.id) : above(nodes, chosen);
  return (
    <TreeSelect<number | number[] | undefined, Node>
      id={id}
      aria-label={label}
      className="lc-fill"
      treeDataSimpleMode
      treeData={[...missing, ...nodes]}
      multiple={many}
      value={many ? chosen.map((each) => each.id) : chosen[0]?.id}
      open={open}
      onOpenChange={setOpen}
      showSearch={{ searchValue: search, onSearch: setSearch, treeNodeFilterProp: "title" }}
      treeExpandedKeys={search === "" ? (expanded ?? opened) : undefined}
      onTreeExpand={(keys) => setExpanded(keys as number[])}
      notFoundContent={open && isPending ? <Spin size="small" /> : t("noMatch")}
      popupMatchSelectWidth={false}
      styles={{ popup: { root: { minWidth: 260, maxWidth: "min(92vw, 560px)" } } }}
      allowClear={!field.required}
      placeholder={disabled ? "" : t("choose")}
      disabled={disabled}
      status={status(invalid)}
      onChange={(picked: number | number[] | undefined) => {
        const found = [picked ?? []].flat().flatMap((key) => [...missing, ...nodes].find((each) => each.id === key) ?? []);
        const named = found.map(({ id: key, title }): Reference => ({ id: key as number, label: title }));
        onChange(many ? named : (named[0] ?? null));
        setSearch("");
      }}
    />
  );
}
