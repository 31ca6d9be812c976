import { isReference, type Application, type Field, type Form, type Values } from "@lowcode/protocol";
import { useCallback, useEffect, useRef, useState } from "react";
import { fieldOf } from "../fields";
import { useRuntime } from "../runtime";
import { enter } from "./convert";
import { rowsOf, type FarValues } from "./live";

/** Which paths of linked records the expressions of a form read, by link field (`customer`, `items.product`, or of rows
 * in rows `groups.items.product`). */
export function farPaths(form: Form): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const path of form.paths ?? []) {
    const names = path.split(".");
    let cut = 1;
    for (let at: Field | undefined = form.fields.find((each) => each.name === names[0]); at?.type === "lines"; cut += 1) at = at.fields?.find((each) => each.name === names[cut]);
    const key = names.slice(0, cut).join(".");
    const tail = names.slice(cut).join(".");
    if (tail) found.set(key, [...(found.get(key) ?? []), tail]);
  }
  return found;
}

interface Wanted {
  form: string;
  id: number;
  fields: string[];
  /** By which field of the record itself it is read: one that lies in the bin is read in no other way. */
  through?: string;
}

/** What has to be fetched; what this person may not see is not asked for, and stays unknown. */
export function wanted(app: Application, form: Form, values: Values, record: number | undefined): Wanted[] {
  const out: Wanted[] = [];
  const add = (field: Field | undefined, value: unknown, fields: string[], own: boolean) => {
    const target = field?.to ? app.forms[field.to] : undefined;
    if (!field || !target || !isReference(value) || value.hidden) return;
    const seen = fields.filter((path) => fieldOf(app, target, path) !== undefined);
    if (seen.length === 0 || (value.deleted && !(own && record))) return;
    out.push({ form: target.name, id: value.id, fields: seen, ...(value.deleted ? { through: field.name } : {}) });
  };
  const gather = (own: Field[], row: Values, [head = "", ...rest]: string[], fields: string[]) => {
    const field = own.find((each) => each.name === head);
    if (field?.type === "lines") for (const each of rowsOf(row, field)) gather(field.fields ?? [], each, rest, fields);
    else add(field, row[head], fields, row === values);
  };
  for (const [key, fields] of farPaths(form)) gather(form.fields, values, key.split("."), fields);
  return out;
}

function typed(app: Application, form: string, path: string, value: unknown): unknown {
  const owner = app.forms[form];
  const field = owner && fieldOf(app, owner, path);
  return enter(field ?? { type: "text" }, value);
}

/** Values of linked records that expressions read; fetched when a link is chosen, kept while the form is open. `record`:
 * the one that is filled in, if it is there already. */
export function useFar(form: Form, record?: number): { far: FarValues; fetchFor: (values: Values) => void; turn: number } {
  const { client, app } = useRuntime();
  const known = useRef(new Map<string, Values | null>());
  const [turn, setTurn] = useState(0);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);

  const far = useCallback<FarValues>(
    (field, value, path) => {
      if (!field.to || !isReference(value)) return null;
      const record = known.current.get(`${field.to}/${value.id}`);
      return record && path in record ? typed(app, field.to, path, record[path]) : undefined;
    },
    [app],
  );

  const fetchFor = useCallback(
    (values: Values) => {
      for (const { form: target, id, fields, through } of wanted(app, form, values, record)) {
        const key = `${target}/${id}`;
        if (known.current.has(key)) continue;
        known.current.set(key, null);
        const asked = through && record ? client.get(form.name, record, fields.map((path) => `${through}.${path}`).join(",")) : client.get(target, id, fields.join(","));
        asked.then(
          (found) => {
            known.current.set(key, through ? Object.fromEntries(fields.map((path) => [path, found[`${through}.${path}`]])) : found);
            if (alive.current) setTurn((before) => before + 1);
          },
          () => known.current.delete(key),
        );
      }
    },
    [app, client, form, record],
  );
  return { far, fetchFor, turn };
}
