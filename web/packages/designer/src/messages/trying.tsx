import { Badge, brief, languageName, useNarrow, useSpeech } from "@lowcode/kit";
import type { Field, Reference } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { inputOf } from "@lowcode/runtime/widgets/inputs";
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import { Section } from "../connections/mapping";
import { useDesign } from "../design";
import { titleOf } from "../titles";
import { at, isNode, type Node } from "../tree";
import { useRested } from "../work";

interface Tried {
  variant: number | null;
  words: Record<string, { subject: string; text: string }>;
  blank: string[];
}

const PAUSE = 400;
const WAYS = ["mail", "card", "sms"] as const;
type Way = (typeof WAYS)[number];

/** How the template as it stands reads for a record, in every language, as a letter, in a chat and as a text message. */
export function MessageTrying() {
  const { client, app } = useRuntime();
  const { document, findings, offers } = useDesign();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [way, setWay] = useState<Way>("mail");
  const [record, setRecord] = useState<Reference | null>(null);
  const form = app.forms[String(document["form"] ?? "")];
  const wanted = useRested(document, PAUSE);
  const faulty = findings.length > 0;
  const asked = { document: wanted, record: record?.id };
  const ready = !faulty && record !== null && form !== undefined;
  const found = useQuery({ queryKey: ["message-try", asked], queryFn: ({ signal }) => client.run<Tried>("rules.try_message", asked, { signal }), enabled: ready, placeholderData: (before) => before, gcTime: 30_000, staleTime: Infinity, retry: false });
  const RecordInput = inputOf("link");
  const answer = ready && !found.error ? found.data : undefined;
  return (
    <Section title={t("messagePreview")} hint={t("messagePreviewHint")}>
      {form && (
        <div className="lc-design-option">
          <label className="lc-design-label" htmlFor="message-try-record">{w(form.title)}</label>
          <RecordInput id="message-try-record" narrow={narrow} field={{ name: "record", type: "link", to: form.name } as Field} value={record} onChange={(value: unknown) => setRecord(value as Reference | null)} />
        </div>
      )}
      <Segmented block size="small" aria-label={t("messagePreview")} value={way} onChange={setWay} options={WAYS.map((value) => ({ value, label: t(`messageAs_${value}`) }))} />
      {faulty && <p className="lc-quiet">{t("tableTryWrong")}</p>}
      {ready && found.error && <p className="lc-design-wrong" role="alert">{brief(found.error, speech)}</p>}
      {answer && (
        <div role="status" className="lc-message-faces">
          <Taken variant={answer.variant} document={wanted} />
          {Object.entries(answer.words).map(([language, words]) => <Face key={language} way={way} language={Object.keys(answer.words).length > 1 ? language : undefined} {...words} />)}
          {answer.blank.length > 0 && <p className="lc-design-warned">{t("messageBlank", { names: answer.blank.map((each) => titleOf(offers, null, each, (title) => w(title as string))).join(", ") })}</p>}
        </div>
      )}
    </Section>
  );
}

/** Which of the wordings it is. */
function Taken({ variant, document }: { variant: number | null; document: Node }) {
  const { t, w } = useSpeech();
  const found = variant === null ? undefined : at(document, ["variants", variant]);
  const note = isNode(found) ? w(found["note"] as string) : "";
  return <Badge color={variant === null ? "gray" : "blue"}>{variant === null ? t("messageUsual") : note || t("messageVariant", { number: variant + 1 })}</Badge>;
}

/** So many characters one text message holds, alone and as a part of several. */
const ALONE = 70;
const PART = 67;

function Face({ way, language, subject, text }: { way: Way; language: string | undefined; subject: string; text: string }) {
  const { t } = useSpeech();
  const length = [...text].length;
  return (
    <article className={`lc-message-face lc-message-${way}`} lang={language} aria-label={language ? languageName(language) : t(`messageAs_${way}`)}>
      {language && <span className="lc-quiet">{languageName(language)}</span>}
      {way !== "sms" && <strong>{subject}</strong>}
      <p>{text || (way === "sms" ? subject : "")}</p>
      {way === "card" && <span className="lc-message-more">{t("messageDetails")}</span>}
      {way === "sms" && <span className="lc-quiet">{t("messageLength", { count: length, parts: length <= ALONE ? 1 : Math.ceil(length / PART) })}</span>}
    </article>
  );
}
