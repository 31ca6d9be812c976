"""A client of an app's API for other Python programs: `Client(url, key)`, and a collection per form.

    from lowcode.client import Client

    with Client("https://crm.example.com", key="lc_…") as crm:
        lead = crm.form("lead").create({"company": "Acme"})
        for each in crm.form("lead").each(where='grade = "A"', sort="-created_at"):
            print(each["company"])

`lowcode client app -o crm.py` writes a module over it that knows the forms and fields of an app by their types.

What is refused is raised as `Refused`, with every problem and its place. A request that did not arrive, or that the
server asks to put off, is sent again; one that makes something carries an Idempotency-Key, so that it is done once.
"""

from lowcode.client.calls import Client, NoAnswer, Problem, Refused, Unreachable
from lowcode.client.forms import Done, Form, Page

__all__ = ["Client", "Done", "Form", "NoAnswer", "Page", "Problem", "Refused", "Unreachable"]
