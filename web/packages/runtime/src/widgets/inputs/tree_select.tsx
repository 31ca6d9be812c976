import { useSpeech } from "@lowcode/kit";
import type { Form, Reference } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Spin, TreeSelect } from "antd";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useRuntime } from "../../runtime";
import { status, type InputProps } from "../widget";
import { above, arranged, type Node } from "./branches";

/** So many records of a tree are asked for at once; of a larger one, branches when they are opened. */
const WHOLE = 1000;
const SHOWN = 200;

interface TreeProps extends InputProps {
  target: Form;
  many?: boolean;
  placeholder?: string;
  footer?: (close: () => void) => ReactNode;
}

/** Chooses records that hang under one another: opened branch by branch, or searched for. */
export function TreeInput({ target, many, value, onChange, id, label, disabled, invalid, field, placeholder, footer }: TreeProps) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const up = target.tree!;
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<Node[]>([]);
  const [expanded, setExpanded] = useState<number[] | null>(null);
  const chosen = (many ? ((value as Reference[] | null) ?? []) : value ? [value as Reference] : []) as Reference[];

  const ask = async (where: string | undefined, limit: number, words?: string, signal?: AbortSignal) => {
    const page = await client.list(target.name, { where, search: words || undefined, limit, fields: up, sort: target.label ?? "id" }, { signal });
    const fits = field.offered ? new Set((await client.list(target.name, { where: [field.offered, where].filter(Boolean).map((each) => `(${each})`).join(" and "), search: words || undefined, limit, fields: "id", sort: target.label ?? "id" }, { signal })).items.map((each) => each.id)) : null;
    const nodes = page.items.map((each): Node => ({ id: each.id, pId: (each[up] as Reference | null)?.id ?? null, value: each.id, title: each._label, selectable: fits?.has(each.id) ?? true }));
    return { nodes, all: page.next === null };
  };

  const whole = useQuery({ queryKey: ["tree", target.name, field.offered ?? ""], queryFn: ({ signal }) => ask(undefined, WHOLE, undefined, signal), enabled: open, staleTime: 30_000 });
  const large = whole.data !== undefined && !whole.data.all;
  const roots = useQuery({ queryKey: ["tree", target.name, field.offered ?? "", "roots"], queryFn: ({ signal }) => ask(`${up} is blank`, SHOWN, undefined, signal), enabled: open && large, staleTime: 30_000 });
  const words = useSettled(search.trim());
  const found = useQuery({ queryKey: ["tree", target.name, field.offered ?? "", "search", words], queryFn: ({ signal }) => ask(undefined, SHOWN, words, signal), enabled: open && large && words !== "", staleTime: 30_000 });
  const searching = large && words !== "";
  const waiting = open && (whole.isPending || (large && (searching ? found.isPending : roots.isPending)));

  const nodes = useMemo(() => {
    if (searching) return (found.data?.nodes ?? []).map((each) => ({ ...each, pId: null, isLeaf: true }));
    return arranged(large ? [...(roots.data?.nodes ?? []), ...opened] : (whole.data?.nodes ?? []), large);
  }, [searching, large, whole.data, roots.data, found.data, opened]);

  // What is chosen has its words before anything of the tree is there.
  const known = new Map<number, string>([...chosen.map((each) => [each.id, each.label] as const), ...nodes.map((each) => [each.value, each.title] as const)]);
  const missing = chosen.filter((each) => !nodes.some((node) => node.value === each.id)).map((each): Node => ({ id: each.id, pId: null, value: each.id, title: each.label, isLeaf: true, selectable: true }));

  const pick = (picked: unknown) => {
    const ids = (Array.isArray(picked) ? picked : picked === undefined || picked === null ? [] : [picked]) as number[];
    const references = ids.map((each): Reference => ({ id: each, label: known.get(each) ?? String(each) }));
    onChange(many ? references : (references[0] ?? null));
    setSearch("");
  };

  return (
    <TreeSelect<number | number[] | undefined, Node>
      id={id}
      aria-label={label}
      className="lc-fill"
      multiple={many}
      treeDataSimpleMode
      treeData={[...(open && !searching ? [] : missing), ...nodes]}
      value={many ? chosen.map((each) => each.id) : chosen[0]?.id}
      open={open}
      onOpenChange={setOpen}
      showSearch={{ searchValue: search, onSearch: setSearch, treeNodeFilterProp: "title", filterTreeNode: large ? false : undefined }}
      treeExpandedKeys={search === "" || large ? (expanded ?? above(nodes, chosen)) : undefined}
      onTreeExpand={(keys) => setExpanded(keys as number[])}
      loadData={
        large && !searching
          ? async (node) => {
              const below = await ask(`${up}.id = ${node.value as number}`, SHOWN);
              setOpened((before) => [...before.filter((each) => each.pId !== node.value), ...below.nodes]);
            }
          : undefined
      }
      notFoundContent={waiting ? <Spin size="small" /> : t("noMatch")}
      popupRender={(menu) => (
        <>
          {menu}
          {footer?.(() => setOpen(false))}
        </>
      )}
      popupMatchSelectWidth={false}
      styles={{ popup: { root: { minWidth: 260, maxWidth: "min(92vw, 560px)" } } }}
      allowClear={!field.required}
      placeholder={disabled ? "" : (placeholder ?? t("choose"))}
      disabled={disabled}
      status={status(invalid)}
      onChange={pick}
    />
  );
}

/** The text once nobody types any more. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 220);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
