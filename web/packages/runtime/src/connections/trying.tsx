import { brief, useNarrow, useSpeech } from "@lowcode/kit";
import { Problem, type Connector, type TriedConnector } from "@lowcode/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";

/** A connector tried out at once: what is sent and to whom, and in words what came of it. */
export function Trying({ connector, close }: { connector: Connector; close: () => void }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const queries = useQueryClient();
  const [to, setTo] = useState<string[]>([]);
  const [text, setText] = useState("{}");
  const [operation, setOperation] = useState<string>();
  const values = objectOf(text);
  const attempt = useMutation({
    mutationFn: () => client.run<TriedConnector>("api.try", { connector: connector.name, to: to.map((each) => (/^id:\d+$/.test(each) ? Number(each.slice(3)) : each)), values }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["connections"] }),
  });
  const { reach } = connector;
  const ready = values !== null && (reach === null || reach === "room" || to.length > 0) && (!connector.offers || operation !== undefined);
  return (
    <Modal open title={t("connectionTryTitle", { name: connector.title })} width={narrow ? "100%" : 640} onCancel={close} cancelText={t("close")} okText={t("connectionTryNow")} okButtonProps={{ disabled: !ready, loading: attempt.isPending }} onOk={() => attempt.mutate()}>
      <div className="lc-connection-try">
        <p>{t(reach === null ? "connectionTryProgram" : reach === "room" ? "connectionTryRoom" : "connectionTryPeople")}</p>
        {reach !== null && <Recipients reach={reach} value={to} onChange={setTo} />}
        {connector.offers && <Operations connector={connector.name} value={operation} choose={(name, request) => (setOperation(name), setText(request))} />}
        <label>
          {t(reach === null ? "connectionTryValues" : "connectionTryMore")}
          <Input.TextArea className="lc-document-text" spellCheck={false} value={text} status={values === null ? "error" : undefined} onChange={(event) => setText(event.target.value)} autoSize={{ minRows: reach === null ? 4 : 2, maxRows: 16 }} />
        </label>
        {values === null && <span className="lc-problem" role="alert">{t("connectionTryBadJson")}</span>}
        <div aria-live="polite">{attempt.isPending ? null : attempt.error ? <Refused error={attempt.error} /> : attempt.data && <CameOfIt connector={connector} tried={attempt.data} />}</div>
      </div>
    </Modal>
  );
}

/** A text as the object it is; null for what is none. */
function objectOf(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function Recipients({ reach, value, onChange }: { reach: NonNullable<Connector["reach"]>; value: string[]; onChange: (value: string[]) => void }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const people = useQuery({ queryKey: ["keys", "people-here"], queryFn: () => client.run<{ items: { id: number; label: string }[] }>("identity.people", { limit: 500 }) });
  return (
    <label>
      {t("connectionTryTo")}
      <Select mode="tags" aria-label={t("connectionTryTo")} placeholder={t(`connectionTryTo_${reach}`)} value={value} onChange={onChange} optionFilterProp="label" tokenSeparators={[",", "，", " "]} options={people.data?.items.map((each) => ({ value: `id:${each.id}`, label: each.label }))} />
    </label>
  );
}

/** What a program with a document can be asked, with a request to begin with. */
function Operations({ connector, value, choose }: { connector: string; value: string | undefined; choose: (name: string, request: string) => void }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const found = useQuery({ queryKey: ["connections", "offers", connector], queryFn: () => client.run<{ items: { name: string; title: string; address: string; problem: string | null }[] }>("api.offers", { connector }) });
  const pick = async (name: string) => {
    const { items } = await client.run<{ items: { request?: Record<string, unknown> }[] }>("api.offers", { connector, name });
    const { connector: _, ...request } = items[0]?.request ?? {};
    choose(name, JSON.stringify(request, null, 2));
  };
  return (
    <label>
      {t("connectionTryOperation")}
      <Select showSearch={{ optionFilterProp: "label" }} aria-label={t("connectionTryOperation")} loading={found.isPending} value={value} onChange={(name) => void pick(name)} options={found.data?.items.map((each) => ({ value: each.name, label: `${each.title || each.name} · ${each.address}`, disabled: each.problem !== null }))} />
    </label>
  );
}

/** Nothing was sent, and why not. */
function Refused({ error }: { error: Error }) {
  const speech = useSpeech();
  const said = error instanceof Problem && error.errors[0] ? error.errors.map((each) => each.detail).join("; ") : brief(error, speech);
  return <Alert type="error" showIcon title={speech.t("connectionFails")} description={said} />;
}

/** What was tried, what came back, and what to do. */
function CameOfIt({ connector, tried }: { connector: Connector; tried: TriedConnector }) {
  const { t } = useSpeech();
  const address = connector.address_secret ? t("connectionTriedSecret", { name: connector.address_secret }) : (connector.address ?? connector.title);
  const came = [tried.status === null ? t("connectionCameNothing") : t("connectionCameStatus", { status: tried.status })];
  const cure = [tried.error, tried.hint].filter(Boolean).join(" ");
  return (
    <Alert
      type={tried.done ? "success" : "error"}
      showIcon
      title={t(tried.done ? "connectionWorks" : "connectionFails")}
      description={
        <dl className="lc-connection-facts">
          <div>
            <dt>{t("connectionTried")}</dt>
            <dd>{t("connectionTriedWhat", { address, method: connector.method })}</dd>
          </div>
          <div>
            <dt>{t("connectionCame")}</dt>
            <dd>
              {came}
              {tried.answer && <pre className="lc-connection-answer" tabIndex={0}>{tried.answer}</pre>}
            </dd>
          </div>
          {cure && (
            <div>
              <dt>{t("connectionDo")}</dt>
              <dd>{cure}</dd>
            </div>
          )}
        </dl>
      }
    />
  );
}
