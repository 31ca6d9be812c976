import { MemberInput } from "./member";
import type { InputProps } from "../widget";

export const MembersInput = (props: InputProps) => <MemberInput {...props} many />;
