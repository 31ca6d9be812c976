import { HistoryOutlined } from "@ant-design/icons";
import { Badge, Failure, Nothing, useSpeech, Waiting, When } from "@lowcode/kit";
import type { Publication, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useState } from "react";
import type { Node } from "./tree";

interface Version {
  version: number;
  at: string;
  by: string | null;
  document: string | null;
  changes: Text[];
}

/** How the document was: each version in words, what would change if it were taken up again, and the way to do so. */
export function Versions({ path, base, take }: { path: string; base: string; take: (document: Node, number: number) => void }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<HistoryOutlined />} aria-label={t("designVersions")} title={t("designVersions")} onClick={() => setOpen(true)} />
      <Drawer open={open} size={460} title={t("designVersions")} onClose={() => setOpen(false)} destroyOnHidden>
        <Listed path={path} base={base} take={(document, number) => (setOpen(false), take(document, number))} />
      </Drawer>
    </>
  );
}

function Listed({ path, base, take }: { path: string; base: string; take: (document: Node, number: number) => void }) {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const [compared, setCompared] = useState<number | null>(null);
  const found = useQuery({ queryKey: ["design-versions", path], queryFn: () => client.run<{ items: Version[] }>("app.document_versions", { path }), gcTime: 0, staleTime: 0 });
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const { items } = found.data;
  if (items.length === 0) return <Nothing title={t("none")} />;
  return (
    <ol className="lc-runs lc-design-versions">
      {items.map((each, place) => {
        const stands = each.document === base;
        return (
          <li key={each.version} className="lc-run">
            <div className="lc-rule-head">
              <strong>{t("versionNumber", { number: each.version })}</strong>
              {place === 0 && stands && <Badge color="green">{t("versionInUse")}</Badge>}
              <span className="lc-grow" />
              <When at={each.at} />
            </div>
            <p className="lc-quiet">{each.by ?? t("versionFolder")}</p>
            {each.document === null ? <p>{t("designVersionGone")}</p> : each.changes.length > 0 ? <ul className="lc-planned">{each.changes.map((words, at) => <li key={at}>{w(words)}</li>)}</ul> : <p>{t("designVersionFirst")}</p>}
            {each.document !== null && !stands && (
              <div className="lc-table-deeds">
                <Button size="small" aria-expanded={compared === each.version} onClick={() => setCompared(compared === each.version ? null : each.version)}>{t("designCompare")}</Button>
                <Button size="small" onClick={() => take(JSON.parse(each.document!) as Node, each.version)}>{t("designTakeUp")}</Button>
              </div>
            )}
            {compared === each.version && <Compared path={path} document={each.document!} />}
          </li>
        );
      })}
    </ol>
  );
}

/** What would change if a version were published again, in words. */
function Compared({ path, document }: { path: string; document: string }) {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const values = { documents: { [path]: document } };
  const found = useQuery({ queryKey: ["design-compared", path, document], queryFn: () => client.run<Publication>("app.plan", values), gcTime: 0, staleTime: 0 });
  if (found.error) return <Failure small error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const { changes = [], findings = [] } = found.data;
  return (
    <section aria-label={t("designCompared")}>
      <h4>{t("designCompared")}</h4>
      {findings.map((each, at) => <p key={at} className="lc-design-wrong">{each.message} {each.hint}</p>)}
      {changes.length === 0 && findings.length === 0 ? <p className="lc-quiet">{t("designSame")}</p> : <ul className="lc-planned">{changes.map((each, at) => <li key={at}>{w(each.words)}</li>)}</ul>}
    </section>
  );
}
