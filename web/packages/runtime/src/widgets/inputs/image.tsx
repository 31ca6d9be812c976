import { FileInput } from "./attachment";
import { SignatureInput } from "./signature";
import type { InputProps } from "../widget";

export const ImageInput = (props: InputProps) => (props.field.widget === "signature" ? <SignatureInput {...props} /> : <FileInput {...props} picture />);
