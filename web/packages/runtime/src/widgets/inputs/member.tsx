import { useSpeech } from "@lowcode/kit";
import { chosenFrom } from "../../offline/choices";
import { peopleOf } from "../../offline/wanted";
import { useRuntime } from "../../runtime";
import { ReferenceInput } from "./reference";
import type { InputProps } from "../widget";

interface Known {
  id: number;
  label: string;
  title?: string | null;
  department?: string | null;
}

export function MemberInput(props: InputProps & { many?: boolean }) {
  const { client, session } = useRuntime();
  const { t } = useSpeech();
  return (
    <ReferenceInput
      {...props}
      placeholder={t(props.many ? "choosePeople" : "choosePerson")}
      ask={(search, signal) =>
        chosenFrom(session.actor.id, peopleOf(props.field), search, async () => {
          const { items } = await client.run<{ items: Known[] }>("identity.people", { search: search || undefined, role: props.field.role, limit: 30 }, { signal });
          return items.map(({ id, label, title, department }) => ({ id, label, hint: [department, title].filter(Boolean).join(" · ") }));
        })
      }
    />
  );
}
