import { LinkInput } from "./link";
import type { InputProps } from "../widget";

export const LinksInput = (props: InputProps) => <LinkInput {...props} many />;
