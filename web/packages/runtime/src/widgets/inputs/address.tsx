import { useSpeech } from "@lowcode/kit";
import { Input } from "antd";
import { StepsInput } from "./cascade";
import { useRegions } from "./region";
import { TextInput } from "./text";
import { status, type InputProps } from "../widget";

/** The region in steps, then the street. */
export function AddressInput(props: InputProps) {
  const { t } = useSpeech();
  const { field, value, onChange, id, disabled, invalid, dense } = props;
  const places = useRegions(field.abroad === true || dense ? 0 : 3);
  if (field.abroad === true || dense) return <TextInput {...props} />;
  const text = String(value ?? "");
  const [head = ""] = text.split(" ");
  const region = head.includes("/") || places.some((each) => each.value === head) ? head : "";
  const street = region ? text.slice(region.length + 1) : text;
  const put = (where: string, rest: string) => onChange(`${where} ${rest}`.trimStart() || null);
  return (
    <div className="lc-address">
      <StepsInput {...props} value={region || null} options={places} anyLevel onChange={(way) => put(String(way ?? ""), street)} id={undefined} label={t("region")} />
      <Input id={id} value={street} placeholder={t("street")} disabled={disabled} status={status(invalid)} maxLength={300} onChange={(event) => put(region, event.target.value)} />
    </div>
  );
}
