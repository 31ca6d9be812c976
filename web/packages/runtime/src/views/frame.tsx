import type { Form } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Chips } from "../grid/chips";
import type { ListState } from "../grid/state";
import { Toolbar } from "../grid/toolbar";

/** What stands above every view: its name, the search, the filters, what can be done. */
export function Frame({ form, state, tools, children }: { form: Form; state: ListState; tools?: ReactNode; children: ReactNode }) {
  const queries = useQueryClient();
  return (
    <div className="lc-page">
      <Toolbar form={form} state={state} refresh={() => void queries.invalidateQueries({ queryKey: ["records", form.name] })} tools={tools} />
      <Chips form={form} state={state} />
      {children}
    </div>
  );
}
