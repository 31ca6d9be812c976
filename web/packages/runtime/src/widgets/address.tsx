import type { ShowProps, Widget } from "./widget";

/** An address as it is written on a letter: 浙江省杭州市西湖区文三路 1 号. What has no region of the list stands as it is. */
export function onLetters(text: string): string {
  const [region = "", ...street] = text.split(" ");
  return region.includes("/") && /^[\p{Script=Han}/]+$/u.test(region) ? region.replaceAll("/", "") + street.join(" ") : text;
}

const AddressShow = ({ value, dense }: ShowProps) => <span className={dense ? "lc-cell" : "lc-text"}>{onLetters(String(value))}</span>;

export const address: Widget = { Show: AddressShow, width: 240, least: 140, wide: true };
