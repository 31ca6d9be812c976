import type { InputProps } from "../widget";

/** A phone's own input: its wheels and keyboards are better than any page's. */
export function NativeInput({ id, label, value, onChange, disabled, invalid, type }: Omit<InputProps, "value"> & { type: string; value: string | null | undefined }) {
  return (
    <input
      id={id}
      aria-label={label}
      aria-invalid={invalid}
      className={invalid ? "lc-native lc-native-invalid" : "lc-native"}
      type={type}
      value={value ?? ""}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
    />
  );
}
