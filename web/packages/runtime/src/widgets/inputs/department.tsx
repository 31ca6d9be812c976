import { useSpeech } from "@lowcode/kit";
import type { Reference } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Spin, TreeSelect } from "antd";
import { useMemo, useState } from "react";
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

/** Chooses a department where it hangs under others; a search leaves the branches in which something is found. */
export function DepartmentInput({ value, onChange, id, label, disabled, invalid, field }: InputProps) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [expanded, setExpanded] = useState<number[] | null>(null);
  const { data, isPending } = useQuery({
    queryKey: ["departments"],
    queryFn: ({ signal }) => client.run<{ items: Known[] }>("identity.departments", {}, { signal }),
    enabled: open,
    staleTime: 30_000,
  });
  const nodes = useMemo(() => arranged((data?.items ?? []).map((each): Node => ({ id: each.id, pId: each.parent, value: each.id, title: each.label, selectable: true })), false), [data]);
  const chosen = value as Reference | null;
  // What is chosen has its words before the departments are there.
  const missing = chosen && !nodes.some((each) => each.id === chosen.id) ? [{ id: chosen.id, pId: null, value: chosen.id, title: chosen.label, isLeaf: true, selectable: true }] : [];
  const opened = nodes.length <= FEW ? nodes.map((each) => each.id) : above(nodes, chosen ? [chosen] : []);
  return (
    <TreeSelect<number | undefined, Node>
      id={id}
      aria-label={label}
      className="lc-fill"
      treeDataSimpleMode
      treeData={[...missing, ...nodes]}
      value={chosen?.id}
      open={open}
      onOpenChange={setOpen}
      showSearch={{ searchValue: search, onSearch: setSearch, treeNodeFilterProp: "title" }}
      treeExpandedKeys={search === "" ? (expanded ?? opened) : undefined}
      onTreeExpand={(keys) => setExpanded(keys as number[])}
      notFoundContent={open && isPending ? <Spin size="small" /> : t("noMatch")}
      popupMatchSelectWidth={false}
      styles={{ popup: { root: { minWidth: 260, maxWidth: "min(92vw, 560px)" } } }}
      allowClear={!field.required}
      placeholder={t("choose")}
      disabled={disabled}
      status={status(invalid)}
      onChange={(picked: number | undefined) => {
        const found = nodes.find((each) => each.id === picked);
        onChange(found ? { id: found.id, label: found.title } : null);
        setSearch("");
      }}
    />
  );
}
