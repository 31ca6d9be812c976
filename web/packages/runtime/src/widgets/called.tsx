import { recordLink, useSpeech, type Speech } from "@lowcode/kit";
import type { Reference } from "@lowcode/protocol";
import { useRuntime } from "../runtime";

/** What a link says, in words alone. */
export const called = ({ label, deleted }: Reference, { t }: Pick<Speech, "t">): string => (deleted ? t("linkDeleted", { name: label }) : label);

/** What a link says, and leads to unless that is deleted or kept from this person. */
export function Called({ reference, form }: { reference: Reference; form?: string | null }) {
  const { app } = useRuntime();
  const speech = useSpeech();
  const words = called(reference, speech);
  if (reference.deleted || reference.hidden) return <span className="lc-quiet">{words}</span>;
  if (!form || !app.forms[form]) return <>{words}</>;
  return (
    <a href={recordLink(form, reference.id)} onClick={(event) => event.stopPropagation()}>
      {words}
    </a>
  );
}
