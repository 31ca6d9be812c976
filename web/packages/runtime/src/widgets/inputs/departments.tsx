import { DepartmentInput } from "./department";
import type { InputProps } from "../widget";

export const DepartmentsInput = (props: InputProps) => <DepartmentInput {...props} many />;
