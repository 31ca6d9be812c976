import { Failure, go, link, Nothing, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { Form, Placed } from "@lowcode/protocol";
import { Button } from "antd";
import type { ReactNode } from "react";
import { Cards } from "./cards";
import { useShown } from "./columns";
import { Count } from "./count";
import { More } from "./more";
import { PlainTable } from "./plain";
import { fieldsFor, useRecords } from "./records";

const FIRST = 20;

/** The first records of a choice, inside of another page, and the way to all of them. `title`: what they are called
 * here, `whole`: what the list of all of them is called; `beside`: what else may be done about them. */
export function ShortList({ form, title, whole, where, columns, beside }: { form: Form; title: string; whole: string; where: string; columns: Placed[]; beside?: ReactNode }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const shown = useShown(form, columns);
  const records = useRecords({ form, where, fields: fieldsFor(shown), limit: FIRST });
  return (
    <section className="lc-related" aria-label={title}>
      <div className="lc-related-head">
        <Count total={records.total} />
        <span className="lc-grow" />
        {(records.total?.value ?? 0) > FIRST && (
          <Button type="link" onClick={() => go(link(["records", form.name], { where, title: whole }))}>
            {t("viewAll")}
          </Button>
        )}
        {beside}
      </div>
      {records.error ? (
        <Failure small error={records.error} retry={() => void records.refetch()} />
      ) : records.isPending ? (
        <Sketch rows={3} />
      ) : records.items.length === 0 ? (
        <Nothing small title={t("emptyRelated", { name: title })} />
      ) : narrow ? (
        <Cards form={form} items={records.items} columns={shown} />
      ) : (
        <PlainTable form={form} label={title} shown={shown} items={records.items} />
      )}
      <More records={records} />
    </section>
  );
}
