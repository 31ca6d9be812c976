/** How each field type is entered. Loaded where something is filled in: a list that is read needs none of it. */
import type { ComponentType } from "react";
import { LinesInput } from "../../form/lines";
import type { InputProps } from "../widget";
import { AddressInput } from "./address";
import { FileInput } from "./attachment";
import { BarcodeInput } from "./barcode";
import { BooleanInput } from "./boolean";
import { CascadeInput } from "./cascade";
import { ColorInput } from "./color";
import { CurrencyInput } from "./currency";
import { DateInput } from "./date";
import { DatetimeInput } from "./datetime";
import { DepartmentInput } from "./department";
import { DepartmentsInput } from "./departments";
import { DurationInput } from "./duration";
import { EmailInput } from "./email";
import { CalculatedInput } from "./formula";
import { IconInput } from "./icon";
import { IdCardInput } from "./id_card";
import { ImageInput } from "./image";
import { IntegerInput } from "./integer";
import { JsonInput } from "./json";
import { LinkInput } from "./link";
import { LinkAnyInput } from "./link_any";
import { LinksInput } from "./links";
import { LocationInput } from "./location";
import { LongTextInput } from "./long_text";
import { MemberInput } from "./member";
import { MembersInput } from "./members";
import { MoneyInput } from "./money";
import { MultiInput } from "./multi_select";
import { DecimalInput } from "./number";
import { PasswordInput } from "./password";
import { PercentInput } from "./percent";
import { PhoneInput } from "./phone";
import { RatingInput } from "./rating";
import { RegionInput } from "./region";
import { RichTextInput } from "./rich_text";
import { RoleInput } from "./role";
import { SecretInput } from "./secret";
import { SelectInput } from "./select";
import { SerialInput } from "./serial";
import { StateInput } from "./state";
import { TagsInput } from "./tags";
import { TextInput } from "./text";
import { TimeInput } from "./time";
import { UrlInput } from "./url";

export const INPUTS: Record<string, ComponentType<InputProps>> = {
  address: AddressInput,
  attachment: FileInput,
  barcode: BarcodeInput,
  boolean: BooleanInput,
  cascade: CascadeInput,
  color: ColorInput,
  completeness: CalculatedInput,
  currency: CurrencyInput,
  date: DateInput,
  datetime: DatetimeInput,
  department: DepartmentInput,
  departments: DepartmentsInput,
  duration: DurationInput,
  email: EmailInput,
  formula: CalculatedInput,
  icon: IconInput,
  id_card: IdCardInput,
  image: ImageInput,
  integer: IntegerInput,
  json: JsonInput,
  lines: LinesInput,
  link: LinkInput,
  link_any: LinkAnyInput,
  links: LinksInput,
  location: LocationInput,
  long_text: LongTextInput,
  member: MemberInput,
  members: MembersInput,
  money: MoneyInput,
  multi_select: MultiInput,
  number: DecimalInput,
  password: PasswordInput,
  percent: PercentInput,
  phone: PhoneInput,
  rating: RatingInput,
  region: RegionInput,
  rich_text: RichTextInput,
  role: RoleInput,
  rollup: CalculatedInput,
  secret: SecretInput,
  select: SelectInput,
  serial: SerialInput,
  state: StateInput,
  tags: TagsInput,
  text: TextInput,
  time: TimeInput,
  url: UrlInput,
};

export const inputOf = (type: string): ComponentType<InputProps> => INPUTS[type] ?? TextInput;
