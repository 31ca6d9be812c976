import { brief, languageName, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import { Problem } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Alert, Select, Segmented } from "antd";
import { useEffect, useState } from "react";
import type { Node } from "./tree";

interface Pages {
  pages: string[];
  missing: { text?: string; character?: string }[];
  language: string;
}

const PAUSE = 500;

/** The value as it was a moment ago, so that the server is not asked at every key. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The pages as they will be printed, by the server's own renderer, filled with a record that this person may see. */
export function Preview({ document, files, languages, language, speak, ready }: { document: Node; files: Record<string, number>; languages: string[]; language: string; speak: (language: string) => void; ready: boolean }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const form = String(document["form"]);
  const settled = useSettled(document);
  const [chosen, setChosen] = useState<number>();
  const records = useQuery({ queryKey: ["design-records", form], queryFn: () => client.list(form, { limit: 50 }) });
  const id = chosen ?? records.data?.items[0]?.id;
  const found = useQuery({
    queryKey: ["design-preview", settled, id, language, files],
    queryFn: ({ signal }) => client.run<Pages>("printing.preview", { document: settled, files, id, language }, { signal }),
    enabled: id !== undefined && ready,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 30_000,
    staleTime: Infinity,
  });
  return (
    <section className="lc-design-preview" aria-label={t("designPreview")} aria-busy={found.isFetching}>
      <div className="lc-design-row lc-design-preview-head">
        <Select aria-label={t("designSample")} showSearch optionFilterProp="label" value={id} placeholder={t("designSample")} onChange={setChosen} options={(records.data?.items ?? []).map((each) => ({ value: each.id, label: each._label ?? String(each.id) }))} />
        {languages.length > 1 && <Segmented size="small" aria-label={t("designLanguage")} value={language} onChange={(next) => speak(String(next))} options={languages.map((each) => ({ value: each, label: languageName(each) }))} />}
      </div>
      {records.data && records.data.items.length === 0 && <Nothing small title={t("designNoRecord")} />}
      {!ready && <Alert type="info" message={t("designMendFirst")} />}
      {found.error && ready && <Alert type="error" message={found.error instanceof Problem && found.error.errors.length > 0 ? found.error.errors.map((each) => each.detail).join("\n") : brief(found.error, speech)} />}
      {found.data && found.data.missing.length > 0 && <Alert type="warning" message={t("designMissing", { count: found.data.missing.length })} />}
      {!found.data && found.isFetching && <Sketch rows={8} />}
      <div className={found.isPlaceholderData ? "lc-design-pages lc-design-older" : "lc-design-pages"}>
        {found.data?.pages.map((page, index) => (
          <img key={index} src={`data:image/png;base64,${page}`} alt={t("designPageNumber", { number: index + 1 })} />
        ))}
      </div>
    </section>
  );
}
