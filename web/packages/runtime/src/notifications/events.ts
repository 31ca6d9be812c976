import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { address } from "@lowcode/protocol";
import { useEffect, useState } from "react";
import { keepsRecord, listening, ours, showsFlow, showsRecord, type Happened } from "../changed";
import { useRuntime } from "../runtime";

/** What comes within so short a time is asked for together. */
const TOGETHER = 400;

/** What the server told and the page has not asked for yet. */
interface Told {
  records: Happened[];
  flows: Happened[];
  tasks: boolean;
  notices: boolean;
}

const nothing = (): Told => ({ records: [], flows: [], tasks: false, notices: false });

/** Asks again for what the server told of, and for nothing else. */
function renew(queries: QueryClient, told: Told): void {
  const records = told.records.filter((each) => !ours(each));
  // Where the whole list of tasks is shown it says also how many there are.
  const listed = queries.getQueryCache().find({ queryKey: ["tasks", "open"] })?.isActive() === true;
  void queries.invalidateQueries({
    predicate: (query) => {
      const [what, which] = query.queryKey;
      if (what === "notifications") return told.notices;
      if (what === "tasks") return told.tasks && !(listed && which === "count");
      if (what === "favourites") return told.records.some((each) => keepsRecord(query, each));
      return records.some((each) => showsRecord(query, each)) || told.flows.some((each) => showsFlow(query, each));
    },
  });
}

/** Keeps the page fresh by what the server tells, and says which version of the app is in use there; without a channel
 * the polling of counts is enough. */
export function useEvents(): string | undefined {
  const [version, setVersion] = useState<string>();
  const queries = useQueryClient();
  const { client } = useRuntime();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let told = nothing();
    const note = (more: (told: Told) => void) => {
      more(told);
      timer ??= setTimeout(() => {
        timer = undefined;
        const all = told;
        told = nothing();
        renew(queries, all);
      }, TOGETHER);
    };
    const listen = (): EventSource => {
      const source = new EventSource(address("events"));
      const on = <Body,>(name: string, hear: (body: Body) => void) => source.addEventListener(name, (event: MessageEvent<string>) => hear(JSON.parse(event.data) as Body));
      on<Happened>("record", (body) => note(({ records }) => void records.push(body)));
      on("notification", () => note((all) => void (all.notices = true)));
      on("task", () => note((all) => void (all.tasks = true)));
      on<Happened>("flow", (body) => note(({ flows }) => void flows.push(body)));
      on<{ digest: string }>("app", ({ digest }) => setVersion(digest));
      let failures = 0;
      source.addEventListener("error", () => {
        listening(false);
        failures += 1;
        if (source.readyState !== EventSource.CLOSED && failures <= 5) return;
        source.close();
        // It is refused to whoever is not signed in any more: the page learns of it before something is typed in vain.
        client.session().catch(() => undefined);
      });
      source.addEventListener("open", () => {
        listening(true);
        failures = 0;
      });
      return source;
    };
    let source = listen();
    const again = () => {
      if (source.readyState === EventSource.CLOSED) source = listen();
    };
    window.addEventListener("online", again);
    window.addEventListener("lowcode:back", again);
    return () => {
      clearTimeout(timer);
      listening(false);
      window.removeEventListener("online", again);
      window.removeEventListener("lowcode:back", again);
      source.close();
    };
  }, [queries, client]);
  return version;
}
