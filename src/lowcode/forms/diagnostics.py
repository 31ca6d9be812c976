"""What can be wrong with a form document."""

from lowcode.forms.chinese import CHINESE
from lowcode.kernel.diagnostics import Catalogue, Message

MESSAGES = Catalogue(
    "forms",
    {
        "field-twice": Message(
            "there are two fields '{seen}' in {form}",
            "Two fields of a form (or of its lines) have one name.",
            "Rename one of them.",
        ),
        "id-twice": Message(
            "the fields '{first}' and '{seen}' of {form} have one id, '{id}'",
            "Two fields are known by one id: which of them has the column and its history would be a guess. A field "
            "without an id is known by its name.",
            "Give '{seen}' an id of its own, for instance '{seen}_2'; a copied field needs none.",
        ),
        "reserved-name": Message(
            "'{seen}' is the name of something every record has",
            "A field is named like a system field or a key word of the expression language.",
            "Choose another name, for instance '{seen}_value'.",
        ),
        "unknown-field": Message(
            "{form} has no field '{seen}'", "A part of the form names a field the form does not have."
        ),
        "not-a-link": Message(
            "'{seen}' of {form} is not a link to {to}",
            "A relation goes back along a link; the field it names is of another type or links elsewhere.",
            'Name a field of type link with "to": "{to}", or one of type link_any that lists it.',
        ),
        "cleared-but-required": Message(
            "{form}.{field} is required, and would be emptied when what it names is deleted",
            "A record cannot be without a required value; the deletion would always be refused.",
            'Write "restrict" (the deletion is refused), "cascade" (this record goes too) or "keep", or take '
            '"required" away.',
        ),
        "row-with-another": Message(
            "{form}.{field} stands in rows, and a row is not deleted with another record",
            "Rows belong to the record they lie in: only records are deleted with others.",
            'Write "clear" (the cell is emptied), "restrict" (the deletion is refused) or "keep".',
        ),
        "unknown-state": Message(
            "'{seen}' is not a state of '{field}'", "A transition or the initial state names an unknown state."
        ),
        "option-still-there": Message(
            "'{option}' of {field} says that it was '{seen}', and '{seen}' is still one of the options",
            "What records hold is known by its name: an option that is still there is itself, and nothing is renamed.",
            "Take '{seen}' away, or leave \"was\" out.",
        ),
        "option-divided": Message(
            "'{option}' of {field} says that it was '{seen}', and so does '{first}'",
            "The records that hold an option can hold one other option instead.",
            'Leave "was" out of one of them.',
        ),
        "stage-field": Message(
            "'{seen}' is of type {kind}; a stage wants {wanted} here",
            "Deliverables are kept in attachment fields, and the lines of a checklist are the options of a "
            "multi_select field.",
        ),
        "no-such-line": Message(
            "'{seen}' is not a line of the checklist '{field}'",
            "The lines that have to be ticked are options of the field the checklist names.",
        ),
        "warns-too-late": Message(
            "it warns after {seen} days of a limit of {limit}",
            "A record is late before it is overdue.",
            'Make "warn" smaller than "limit", or leave it out.',
        ),
        "not-a-choice": Message(
            "a kanban needs a select or state field, and '{seen}' is {kind}",
            "The columns of a kanban are the options of a field.",
            'Set "by" to a field of type select or state.',
        ),
        "not-a-companion": Message(
            "'{seen}', named by {field}, is not a field of type {kind} beside it",
            "An amount names the field of its currency, a range the field of its end, both in the same record or row.",
        ),
        "not-reached-at": Message(
            "nobody is reached at '{seen}' of {form} by the type of the field: {kind}",
            "A phone, email, address or location field says by itself what is done with it.",
            'Of a text field write {{"field": "{seen}", "by": "wechat"}}, or one of the others of `by`.',
        ),
        "not-a-range": Message(
            "no range begins at '{seen}' of {form}",
            "Ranges that may not overlap begin at a date or datetime field that names the field of its end.",
            'Name such a field; one becomes the begin of a range by "until": "…" with the field of the end.',
        ),
        "not-a-part": Message(
            "ranges of {form} cannot be told apart by '{seen}'",
            "What tells them apart is a field with one value the database can compare: no rows, several links or "
            "files, nothing computed or encrypted.",
        ),
        "moves-unsaved": Message(
            "'{seen}', in the condition of ranges of {form}, changes without a save of the record",
            "Ranges are looked at when their record is saved. What other records, rows, the clock or the person who "
            "asks decide may let a range in afterwards that overlaps with another.",
            "Ask for fields of the record itself; a rule can keep in one of them what is read elsewhere.",
        ),
        "not-unique": Message(
            "'{seen}' is a field of type {kind} and cannot be unique",
            "Unique is what one column keeps: not rows, several people, departments or records, nor what is computed "
            "when it is read.",
            'Take "unique" away, or name a field with one value.',
        ),
        "unknown-currency": Message(
            "'{seen}' is not a currency in use", "Currencies are written by their ISO 4217 codes, CNY or USD."
        ),
        "mobile-of-no-region": Message(
            "{field} takes mobile numbers only, and does not say by whose numbering plan",
            "Which numbers are mobile ones is said by the numbering plan of a country.",
            'Add "region": "CN", or the country of yours.',
        ),
        "no-numbering-plans": Message(
            "{field} checks numbers by the plan of a country, and the library that knows them is not installed",
            "Numbering plans come with the package phonenumberslite.",
            'pip install "lowcode[phone]"',
        ),
        "unknown-phone-region": Message(
            "'{seen}' is not a country with a numbering plan",
            "Countries are written by two capitals (ISO 3166).",
            "Write CN for China.",
        ),
        "not-confidential": Message(
            "{field} is a field of type {kind} that cannot be encrypted or masked here",
            "Texts can be encrypted and masked; numbers, choices and files cannot, and a password belongs to a record "
            "and not to a row of it.",
            "Use a text field; for a password, one of the record itself.",
        ),
        "not-findable": Message(
            "{field} is kept so that no two values look alike, and cannot have '{option}'",
            "What is encrypted, or a hash, is different each time it is written.",
            'Write "encrypted": "searchable", if it may be seen which records share a value.',
        ),
        "no-encryption": Message(
            "{field} is encrypted, and the library that does it is not installed",
            "Encryption comes with the package cryptography.",
            'pip install "lowcode[encryption]"',
        ),
        "serial-repeats": Message(
            "numbers of {field} would occur twice: its pattern has no {seen}",
            "A counter begins anew by a period or by a field that the number does not name; or nothing is counted.",
            "Write {seen} into the pattern.",
        ),
        "no-pinyin": Message(
            "{field} is to be found by its pinyin, and the library that knows it is not installed",
            "How Chinese names are spelt is known by the package pypinyin.",
            'pip install "lowcode[pinyin]"',
        ),
        "sounds-like-nothing": Message(
            "{field} is not searched by its pinyin, so nobody can tell what sounds like it",
            "Names that are spoken alike are looked for in the index of what is searched by pinyin.",
            'Add "search": "pinyin" to {field}, or write "match": "similar".',
        ),
        "sealed-condition": Message(
            "'{seen}' is encrypted, and this condition is put to the database",
            "Row filters of permissions and views are asked of the database, which cannot read what is encrypted.",
            "Ask for another field, or keep '{seen}' unencrypted under a mask.",
        ),
        "section-without-name": Message(
            "a section that shows by condition needs a name",
            "The page asks for the condition of a section by its name.",
            'Add "name" to the section.',
        ),
        "view-twice": Message(
            "there are two views '{seen}' of {form}",
            "Views are asked for by their name, and the second would take the place of the first.",
            "Rename one of them.",
        ),
        "tree-link": Message(
            "'{seen}' is not a link of {form} to {form}",
            "Records form a tree when each names the one it hangs under, by a link to its own form.",
            'Add a field of type link with "to": "{form}", and name it here.',
        ),
        "no-tree": Message(
            "the records of {form} form no tree that '{field}' could be chosen from",
            "A tree is drawn by the link that leads up, and {form} does not say which of its links does.",
            'Say it in {form}: "tree": "parent_{form}". Or leave "widget" out.',
        ),
        "view-field": Message(
            "a {view} needs in '{option}' a field of type {kinds}, and '{seen}' is none",
            "A calendar and a timeline are drawn by days, a resource view by days and by whom or what records are for, "
            "a gallery by pictures, a map by places, a tree by the link to what is above.",
        ),
        "view-several": Message(
            "'{seen}' leads to several rows or records, and the view '{view}' has one line or card for each record",
            "A list has one value for each column of a record, or the names of what several links of it lead to; rows, "
            "and what lies behind several links, are shown with their record.",
            "Take it out, or show a roll-up of them: COUNT({first}).",
        ),
        "view-filter": Message(
            "the filter of this view cannot be understood: {reason}",
            "A condition of a filter names a field, a comparison that the type of the field has, and a value.",
            'Write {{"field": "grade", "operator": "one_of", "value": ["a"]}}, or use "where" with an expression.',
        ),
        "public-twice": Message(
            "there are two public forms '{seen}' of {form}",
            "A public form has an address made of its name.",
            "Rename one of them.",
        ),
        "public-field": Message(
            "'{seen}' is {kind}, which not everybody can fill in",
            "Who fills in a public form has no account: people and what is computed are not for them.",
            "Take it out, or set it by an expression in 'values'. Possible are {kinds}.",
        ),
        "public-link": Message(
            "'{seen}' is a link, and everybody would see the names of all its records",
            "A public form offers the records that its 'where' chooses.",
            'Write {{"field": "{seen}", "where": "..."}}.',
        ),
        "file-kind": Message(
            "'{seen}' is no kind of files, and no file is of it",
            "'accept' says what a browser's does: an ending (.pdf), a media type (application/pdf), a group (image/*).",
            "Write {cure}.",
            "warning",
        ),
        "file-meant": Message(
            "'{seen}' is no kind of files and is taken for '{cure}'",
            "'accept' says what a browser's does: an ending (.pdf), a media type (application/pdf), a group (image/*).",
            "Write {cure}.",
            "warning",
        ),
        "file-pattern": Message(
            "'{seen}' is a pattern that only older versions of 'accept' knew",
            "It goes on taking media types that are like it, but no browser knows it when people choose files.",
            "Write {cure}.",
            "warning",
        ),
        "card-field": Message(
            "'{seen}' is a field of type {kind} and takes nothing that is read from a business card",
            "What is read is text: a name, a number, an address.",
            "Name a field of one of the types {kinds}.",
        ),
        "public-pictures": Message(
            "'{seen}' takes {accept}, and no picture that a visitor may send",
            "Of the pictures that visitors send it has to be told whether the contents are what they say.",
            "Add one of {pictures} to 'accept' of the field, or make it a field of type attachment.",
        ),
        "public-computed": Message(
            "'{seen}' cannot be set", "A public form sets a field that is computed.", "Take it out."
        ),
        "public-address": Message(
            "'{seen}' is not an e-mail field that the public form asks for",
            "A letter goes to an address that the visitor gave.",
        ),
        "public-duplicates": Message(
            "{form} does not say when two of its records are one, or the link does not name a record of the same form",
            "What a public form does with duplicates needs an exact duplicate rule or a unique one.",
            'Add an exact rule to "duplicates" of the form.',
        ),
        "public-required": Message(
            "'{seen}' of {form} must have a value, and this public form gives it none",
            "Every submission would be refused.",
            "Ask for it in 'fields' or set it in 'values'.",
        ),
        "public-tells": Message(
            "everybody could find out which {fields} of {form} are taken",
            "A second one is refused, and who sends the public form learns that the first is there.",
            'Write "duplicates": "keep" or "fill".',
        ),
        "privacy-subject": Message(
            "'{seen}' is not a link of {form} to the person its records are about",
            "The subject of a record is another record that it links to.",
            "Name a field of type link, or leave 'subject' out when the record is the person.",
        ),
        "privacy-since": Message(
            "'{seen}' of {form} is not a date to count days from",
            "How long something is kept is counted from a date or datetime field.",
            "Name such a field, or created_at or updated_at.",
        ),
        "privacy-field": Message(
            "'{seen}' is {kind} and cannot be erased",
            "What is computed or stands elsewhere goes away with what it is made of.",
            "Say it of the fields that it is made of.",
        ),
        "privacy-required": Message(
            "'{seen}' must have a value, and erasing would leave it blank",
            "A required field that is erased needs something in its place, or has to be kept.",
            'Write "erase": "replace", or "keep" with the ground in law for it.',
        ),
        "privacy-replace": Message(
            "*** cannot stand in '{seen}'",
            "Only texts that need not be unique can be replaced.",
            'Write "erase": "clear".',
        ),
        "unknown-action": Message(
            "'{seen}' is nothing one can be permitted to do", "A permission line lists an action that does not exist."
        ),
        "nobody-permitted": Message(
            "nobody but administrators may use {form}",
            "The form has no permission line, and what is not permitted is refused.",
            'Add a line to "permissions".',
            "warning",
        ),
        "unknown-color": Message(
            "'{seen}' is no colour that pages draw",
            "A colour is a name; what it looks like by day and by night is the page's. Another word is drawn as none.",
            "",
            "warning",
        ),
        "blank-default": Message(
            "the default {seen} is not a value of this field: {reason}",
            "A default must be something the field can hold.",
            "Write a value of the field's type, or an expression behind '='.",
        ),
    },
    CHINESE,
)
