"""The api engine: other programs, in both directions.

What goes in: `api/*.json`: an **endpoint** (an address of the app's own: who may call it, what is sent, done and
answered), an **intake** (what another program or a web form sends in, its payload as JSON Schema, and
the record it becomes by expressions over `payload`), a **mailbox** (whose letters become records at the people they are
from), a **webhook** (what is told to another program when a record is created, updated, deleted or comes to meet a
condition), a **calendar** and a **card** (what people take along into programs of their own), **connectors**, one kind
per sort of service (any address, DingTalk, WeCom, Feishu, text messages): what rules and flows send to, and the
channels by which people are reached; **ways to sign in** by another service; and **organisations**, whose departments
and people the directory follows.
What comes out: records saved through the one write path; requests signed by Standard Webhooks, sent after the commit,
retried, logged and replayable; keys whose scopes hold in the one gate; a description of all of it (OpenAPI 3.1).

The rooms, in reading order:

* `definition`  what may be written; `connectors/` one file per kind of connector, `sign_in/` per kind of way to sign in
* `compile`     documents to `plan` (`compile_watched`: webhooks); `schemas` reads a payload's JSON Schema as types of
  the expression language, `misfits` says in both languages what of a payload does not fit it
* `plan`        what was understood
* `run`         pure: a body to a payload to values, an event to a message; `signature` signs and verifies it
* `intake`      what comes in; the raw request is kept and can be replayed; `proofs` says who signed it
* `endpoints/`  addresses of the app's own, from definition to answer
* `watch`, `deliveries`       what goes out: noticed inside the save, sent outside of any transaction; `masking` its log
* `offers/`     what another program can be asked, by its OpenAPI document: the connector `openapi`
* `sending`, `tokens`         one request: secrets, signatures and tokens put on it, its answer understood
* `secret_uses`, `secret_values`  where documents send the secrets they name, and what the server has bound
* `walking`     several requests, one after the other, as a kind wants to ask them
* `channels`                  words for people by the app's list, by letter or by a connector: `api.message`
* `push/`       notices on people's devices, by Web Push
* `outward`, `addresses`      the one door for HTTP to the outside: checked and pinned addresses, of redirects too
* `forgetting`  bodies of records whose persons are to be forgotten
* `mail`        letters to people, by the program's mailer or by SMTP
* `mailboxes`, `imap`, `imap_words`, `letters`  letters that come in: fetched, read, matched to people, made records of;
  `compile_mailbox` understands where, `compile_found` which records an intake finds and takes along
* `personal`    calendars that people subscribe to, and cards: `definition_personal`, `compile_personal`,
  `personal_files`
* `signing_in`, `recognising`  to another service and back, and whom of the directory it means; `compile_sign_in`
  understands the documents; `signing_out` ends sessions at both ends; `rehearsing` says whom it would mean
* `organising`, `syncing`     what would change by the organisation behind a connector, and doing it: what may be
  written stands in `definition_organisation`
* `ldap`, `ldap_people`, `vouching`  an LDAP directory: the connection, whom it speaks of, and passwords that it
  knows; what may be written stands in `definition_ldap`
* `keys`, `narrowing`, `uses`  who may, how often; which rows and fields; what a key was used for
* `connections`, `advice`     all of it as an administrator looks after it, and what to do where a message was not taken
* `idempotency` the same request twice is one
* `agents`      operations as tools of an agent, and the forms it may work on
* `openapi`, `openapi_forms`, `openapi_fields`, `openapi_calls`, `openapi_clients`  the description for whoever asks
* `designing`   kinds of connections for the designer, and what is wrong with one as it would be; `words` calls them,
  (`words_people` those about people), `presets` are what one begins with, `samples` makes a schema of a sample,
  `trying`, `trying_letter` and `trying_people` say what would come of it
* `operations`, `tables`, `engine`  how it is asked, what it remembers, how the house holds it

`chinese` has the messages of `diagnostics` in Chinese, for who designs on the page.
"""
