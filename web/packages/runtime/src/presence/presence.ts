import { useEffect, useState } from "react";
import { useRuntime } from "../runtime";
import { Place, type Doing, type Other } from "./place";

const places = new Map<string, Place>();

/** Says that this person reads or edits a record, and tells who else does. Nothing is said of a record that is not there yet. */
export function usePresence(form: string, id: number | undefined, doing: Doing): readonly Other[] {
  const { client, app } = useRuntime();
  const kept = app.forms[form]?.detail?.presence !== false;
  const [others, setOthers] = useState<readonly Other[]>([]);
  useEffect(() => {
    if (id === undefined || !kept) return;
    const key = `${form}/${id}`;
    let place = places.get(key);
    if (!place) {
      place = new Place(client, form, id, () => void places.delete(key));
      places.set(key, place);
    }
    const here = place;
    setOthers(here.others);
    return here.join(doing, () => setOthers(here.others));
  }, [client, form, id, doing, kept]);
  return others;
}
