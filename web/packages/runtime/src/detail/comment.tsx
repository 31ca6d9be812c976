import { brief, Person, useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Mentions } from "antd";
import { useRef, useState } from "react";
import { useRuntime } from "../runtime";

interface Someone {
  id: number;
  label: string;
  title?: string;
}

/** Says something about a record; `@` calls a colleague, who gets a notice. */
export function Comment({ form, id }: { form: Form; id: number }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState<string | null>(null);
  const called = useRef(new Map<string, number>());
  const people = useQuery({
    queryKey: ["people", asked],
    queryFn: () => client.run<{ items: Someone[] }>("identity.people", { search: asked || undefined, limit: 20 }),
    enabled: asked !== null,
    staleTime: 60_000,
  });
  const send = async () => {
    if (text.trim() === "") return;
    setBusy(true);
    const mentions = [...called.current].filter(([name]) => text.includes(`@${name}`)).map(([, person]) => person);
    try {
      await client.run("forms.comment", { form: form.name, id, text: text.trim(), mentions });
      setText("");
      called.current.clear();
      await queries.invalidateQueries({ queryKey: ["timeline", form.name, id] });
    } catch (error) {
      void message.error(brief(error, speech));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="lc-comment">
      <Mentions
        aria-label={speech.t("comment")}
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
        onKeyDown={(event) => (event.metaKey || event.ctrlKey) && event.key === "Enter" && void send()}
      />
      {text.trim() !== "" && (
        <Button type="primary" size="small" loading={busy} onClick={() => void send()}>
          {speech.t("send")}
        </Button>
      )}
    </div>
  );
}
