import { FileImageOutlined } from "@ant-design/icons";
import { Failure, Nothing, recordLink, Sketch, useSpeech } from "@lowcode/kit";
import { type Form, type StoredFile, type View } from "@lowcode/protocol";
import { besideIn, blank, fieldOf, usual } from "../fields";
import { Cell } from "../grid/cell";
import { More } from "../grid/more";
import { useRecords } from "../grid/records";
import type { ListState } from "../grid/state";
import { useRuntime } from "../runtime";
import { Thumbnail } from "../widgets/thumbnail";
import { Frame } from "./frame";

/** Records as cards with a picture. */
export default function Gallery({ form, view, state }: { form: Form; view: View; state: ListState }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const names = (view.card?.length ? view.card : usual(form).slice(0, 4)).filter((name) => name !== form.label && name !== view.image);
  const fields = [...names, ...(view.image ? [view.image] : [])];
  const records = useRecords({ form, ...state.asked, where: state.where, fields, limit: 60 });
  const picture = (value: unknown) => (Array.isArray(value) ? (value[0] as StoredFile | undefined) : undefined);
  return (
    <Frame form={form} state={state}>
      {records.error ? (
        <Failure error={records.error} retry={() => void records.refetch()} />
      ) : records.isPending ? (
        <Sketch rows={6} />
      ) : records.items.length === 0 ? (
        <Nothing title={t("nothingHere")} />
      ) : (
        <ul className="lc-gallery">
          {records.items.map((record) => {
            const file = view.image ? picture(record[view.image]) : undefined;
            return (
              <li key={record.id} className="lc-gallery-card">
                {view.image && <span className="lc-gallery-picture">{file ? <Thumbnail key={file.id} file={file} edge={640} /> : <FileImageOutlined aria-hidden />}</span>}
                <a className="lc-card-title" href={recordLink(form.name, record.id)}>
                  {record._label}
                </a>
                <dl>
                  {names.map((name) => {
                    const field = fieldOf(app, form, name);
                    return field && !blank(record[name]) ? (
                      <div key={name}>
                        <dt>{w(field.title) || name}</dt>
                        <dd>
                          <Cell field={field} value={record[name]} beside={besideIn(field, name, record)} />
                        </dd>
                      </div>
                    ) : null;
                  })}
                </dl>
              </li>
            );
          })}
        </ul>
      )}
      <More records={records} />
    </Frame>
  );
}
