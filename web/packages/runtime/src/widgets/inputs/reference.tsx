import { useSpeech } from "@lowcode/kit";
import type { Reference } from "@lowcode/protocol";
import { Select, Spin } from "antd";
import type { ReactNode } from "react";
import { called } from "../called";
import { useLookup } from "./lookup";
import { status, type InputProps } from "../widget";

export interface Found extends Reference {
  hint?: string | null;
}

interface ReferenceProps extends InputProps {
  ask: (search: string, signal: AbortSignal) => Promise<Found[]>;
  many?: boolean;
  placeholder?: string;
  footer?: (close: () => void) => ReactNode;
}

/** Chooses one thing or several out of very many, by searching on the server. */
export function ReferenceInput({ value, onChange, id, label, disabled, invalid, field, ask, many, placeholder, footer }: ReferenceProps) {
  const speech = useSpeech();
  const { t } = speech;
  const chosen = (many ? ((value as Reference[] | null) ?? []) : value ? [value as Reference] : []) as Reference[];
  const take = (first: Found) => {
    const put = { id: first.id, label: first.label };
    if (!many) onChange(put);
    else if (!chosen.some((each) => each.id === first.id)) onChange([...chosen, put]);
    setSearch("");
    setOpen(many === true);
  };
  const { open, setOpen, search, setSearch, items, loading, onKeyDownCapture } = useLookup(ask, take);
  const known = new Map<number, Found>([...chosen, ...items].map((each) => [each.id, each]));
  const pick = (ids: number | number[] | undefined) => {
    const found = (Array.isArray(ids) ? ids : ids === undefined ? [] : [ids]).map((each) => known.get(each)!).map(({ hint: _, ...each }) => each);
    onChange(many ? found : (found[0] ?? null));
    setSearch("");
  };
  return (
    <div className="lc-lookup" onKeyDownCapture={onKeyDownCapture}>
      <Select<number | number[]>
        id={id}
        aria-label={label}
        className="lc-fill"
        mode={many ? "multiple" : undefined}
        value={many ? chosen.map((each) => each.id) : chosen[0]?.id}
        open={open}
        onOpenChange={setOpen}
        showSearch={{ filterOption: false, searchValue: search, onSearch: setSearch }}
        options={(open && !loading ? items : [...known.values()]).map((each) => ({ value: each.id, label: called(each, speech), hint: each.hint }))}
        labelRender={({ value: key, label: words }) => {
          const one = known.get(key as number);
          return one ? called(one, speech) : words;
        }}
        optionRender={({ label: words, data }) => (
          <span className="lc-option">
            <span>{words}</span>
            {data.hint && <span className="lc-quiet">{data.hint}</span>}
          </span>
        )}
        notFoundContent={loading ? <Spin size="small" /> : t("noMatch")}
        popupRender={(menu) => (
          <>
            {menu}
            {footer?.(() => setOpen(false))}
          </>
        )}
        allowClear={!field.required}
        placeholder={disabled ? "" : (placeholder ?? t("choose"))}
        disabled={disabled}
        status={status(invalid)}
        onChange={(ids) => pick(ids)}
      />
    </div>
  );
}
