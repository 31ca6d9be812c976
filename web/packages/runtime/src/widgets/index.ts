/** One widget for each field type the server knows; a test holds both lists together. */
import { address } from "./address";
import { attachment } from "./attachment";
import { barcode } from "./barcode";
import { boolean } from "./boolean";
import { cascade } from "./cascade";
import { color } from "./color";
import { completeness } from "./completeness";
import { currency } from "./currency";
import { date } from "./date";
import { datetime } from "./datetime";
import { department } from "./department";
import { departments } from "./departments";
import { duration } from "./duration";
import { email } from "./email";
import { formula } from "./formula";
import { icon } from "./icon";
import { id_card } from "./id_card";
import { image } from "./image";
import { integer } from "./integer";
import { json } from "./json";
import { lines } from "./lines";
import { link } from "./link";
import { link_any } from "./link_any";
import { links } from "./links";
import { location } from "./location";
import { long_text } from "./long_text";
import { member } from "./member";
import { members } from "./members";
import { money } from "./money";
import { multi_select } from "./multi_select";
import { number } from "./number";
import { password } from "./password";
import { percent } from "./percent";
import { phone } from "./phone";
import { rating } from "./rating";
import { region } from "./region";
import { rich_text } from "./rich_text";
import { role } from "./role";
import { rollup } from "./rollup";
import { secret } from "./secret";
import { select } from "./select";
import { serial } from "./serial";
import { state } from "./state";
import { tags } from "./tags";
import { text } from "./text";
import { time } from "./time";
import { url } from "./url";
import type { Widget } from "./widget";

export const WIDGETS: Record<string, Widget> = {
  address, attachment, barcode, boolean, cascade, color, completeness, currency, date, datetime, department, departments, duration, email, formula, icon,
  id_card, image, integer, json, lines, link, link_any, links, location, long_text, member, members, money, multi_select, number, password, percent, phone, rating,
  region, rich_text, role, rollup, secret, select, serial, state, tags, text, time, url,
};

export const widgetOf = (type: string): Widget => WIDGETS[type] ?? text;

export type { InputProps, ShowProps, Widget } from "./widget";
