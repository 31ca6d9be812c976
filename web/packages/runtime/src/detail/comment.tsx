import { brief, Person, useSpeech } from "@lowcode/kit";
import type { Form, Reference } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Mentions } from "antd";
import { useRef, useState } from "react";
import { useRuntime } from "../runtime";

interface Someone {
  id: number;
  label: string;
  title?: string;
}

/** A comment that is put in other words. */
export interface Said {
  comment: number;
  text: string;
  mentions: Reference[];
}

interface Props {
  form: Form;
  id: number;
  said?: Said;
  close?: () => void;
}

/** Says something about a record, or puts it in other words; `@` calls a colleague, who gets a notice. */
export function Comment({ form, id, said, close }: Props) {
  const { client } = useRuntime();
  const queries = useQueryClient();
  const { t } = useSpeech();
  const send = async (text: string, mentions: number[]) => {
    const words = { form: form.name, id, text, mentions };
    if (said) await client.run("forms.change_comment", { ...words, comment: said.comment });
    else await client.run("forms.comment", words);
    close?.();
    await queries.invalidateQueries({ queryKey: ["timeline", form.name, id] });
  };
  return <Words label={t(said ? "commentEdit" : "comment")} deed={t(said ? "save" : "send")} said={said} send={send} close={close} />;
}

/** Where something is said; `@` calls a colleague. */
export function Words({ label, deed, said, send, close }: { label: string; deed: string; said?: Said; send: (text: string, mentions: number[]) => Promise<void>; close?: () => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const [text, setText] = useState(said?.text ?? "");
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState<string | null>(null);
  const called = useRef(new Map<string, number>(said?.mentions.map((each) => [each.label, each.id])));
  const people = useQuery({
    queryKey: ["people", asked],
    queryFn: () => client.run<{ items: Someone[] }>("identity.people", { search: asked || undefined, limit: 20 }),
    enabled: asked !== null,
    staleTime: 60_000,
  });
  const say = async () => {
    if (text.trim() === "") return;
    setBusy(true);
    const mentions = [...called.current].filter(([name]) => text.includes(`@${name}`)).map(([, person]) => person);
    try {
      await send(text.trim(), mentions);
      setText("");
      called.current.clear();
    } catch (error) {
      void message.error(brief(error, speech));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="lc-comment">
      <Mentions
        autoFocus={said !== undefined}
        aria-label={label}
        placeholder={speech.t("comment")}
        value={text}
        autoSize={{ minRows: 1, maxRows: 6 }}
        prefix="@"
        filterOption={false}
        loading={people.isFetching}
        notFoundContent={speech.t("noMatch")}
        options={(people.data?.items ?? []).map((each) => ({ value: each.label, key: String(each.id), label: <Person name={each.label} /> }))}
        onSearch={setAsked}
        onSelect={({ value }) => {
          const person = people.data?.items.find((each) => each.label === value);
          if (person) called.current.set(person.label, person.id);
        }}
        onChange={setText}
        onKeyDown={(event) => {
          if ((event.metaKey || event.ctrlKey) && event.key === "Enter") void say();
          if (event.key === "Escape" && close) close();
        }}
      />
      {(text.trim() !== "" || close) && (
        <span className="lc-comment-deeds">
          {close && <Button size="small" onClick={close}>{speech.t("cancel")}</Button>}
          <Button type="primary" size="small" loading={busy} disabled={text.trim() === ""} onClick={() => void say()}>
            {deed}
          </Button>
        </span>
      )}
    </div>
  );
}
