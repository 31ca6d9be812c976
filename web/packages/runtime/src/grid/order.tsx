import { SortAscendingOutlined } from "@ant-design/icons";
import { Opened, useSpeech, Waiting } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { Button, Popover } from "antd";
import { lazy, Suspense, useState } from "react";
import type { ListState } from "./state";

const OrderEditor = lazy(() => import("./order_editor"));

/** By which fields a list is ordered, and which of them is a heading. */
export function Order({ form, state, grouping }: { form: Form; state: ListState; grouping: boolean }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const title = grouping ? t("sortAndGroup") : t("sortedBy");
  const content = (
    <Suspense fallback={<Waiting />}>
      <Opened>
        <OrderEditor form={form} state={state} grouping={grouping} />
      </Opened>
    </Suspense>
  );
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" arrow={false} title={title} destroyOnHidden content={content}>
      <Button icon={<SortAscendingOutlined />} aria-label={title} aria-expanded={open} />
    </Popover>
  );
}
