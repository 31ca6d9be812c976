"""What may be written of an LDAP directory: people sign in with its passwords, and an organisation can follow it."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, model_validator

from lowcode.api.connectors.kind import SecretReference
from lowcode.api.sign_in.kind import PeopleDocument
from lowcode.kernel.bounds import LOOPBACK
from lowcode.kernel.definitions.documents import Document, Part
from lowcode.kernel.definitions.wording import Unfit

Attribute = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*$", max_length=60)]


class GroupsDocument(Part):
    """Groups that name their members. They are read beside `memberOf`, and stand in the claim `groups`."""

    base: str = Field(description="Where groups are looked for.")
    where: str = Field("(|(objectClass=groupOfNames)(objectClass=group))", description="An LDAP filter.")
    member: Attribute = "member"
    name: Attribute = "cn"
    nested: bool = Field(
        False, description="Groups that are members of groups count too, however far; every such group may give roles."
    )


class AttributesDocument(Part):
    """Where what stands in an entry."""

    login: Attribute = Field("uid", description="What people type; with Active Directory `sAMAccountName`.")
    account: Attribute = Field(
        "entryUUID", description="What never changes of an entry; with Active Directory `objectGUID`."
    )
    name: Attribute = "cn"
    email: Attribute = "mail"
    phone: Attribute = "mobile"
    title: Attribute = "title"
    manager: Attribute = Field("manager", description="Names the manager's entry.")
    head: Attribute = Field("manager", description="Of an organisational unit: names the entry of who leads it.")


class LdapDocument(Document):
    """An LDAP directory: OpenLDAP, Active Directory and others that speak LDAP v3."""

    type: Literal["ldap"]
    url: str | SecretReference = Field(description="`ldaps://ldap.example.com`, or `ldap://…` with StartTLS.")
    start_tls: bool = Field(True, description="With `ldap://`: the connection is encrypted before anything is said.")
    authority: SecretReference | None = Field(
        None, description="The certificate (PEM) of an authority of one's own that signed the server's."
    )
    base: str = Field(description="Below which people are looked for, such as `ou=people,dc=example,dc=com`.")
    reader: str | SecretReference = Field(description="As whom the directory is read: a distinguished name.")
    password: SecretReference = Field(description="The reader's password.")
    where: str = Field("(objectClass=person)", description="An LDAP filter: who of them counts.")
    attributes: AttributesDocument = Field(default_factory=AttributesDocument)
    groups: GroupsDocument | None = None
    people: PeopleDocument = Field(default_factory=PeopleDocument)
    sign_in: bool = Field(True, description="People sign in with the passwords of the directory.")
    second_factor: Literal["ours", "theirs"] = Field(
        "ours", description="`theirs`: the directory's password counts as more than one factor, and ours is left out."
    )
    timeout: int = Field(
        10, ge=1, le=60,
        description="Seconds that a sign-in may take altogether, and that each answer is waited for when the "
        "organisation is read.",
    )  # fmt: skip
    enabled: bool = True

    @model_validator(mode="after")
    def _kept_to_itself(self) -> LdapDocument:
        if isinstance(self.url, str):
            parts = urlsplit(self.url)
            if parts.scheme not in ("ldap", "ldaps") or not parts.hostname:
                raise Unfit("'url' begins with ldaps:// or ldap://", "url 须以 ldaps:// 或 ldap:// 开头")
            if parts.scheme == "ldap" and not self.start_tls and parts.hostname not in LOOPBACK:
                raise Unfit(
                    "passwords are not sent in the open: use ldaps://, or leave 'start_tls' true",
                    "密码不能明文传输：请使用 ldaps://，或保留 start_tls 为 true",
                )
        return self
