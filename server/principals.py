"""Principals: whom a key or the claims of a token speak for."""

import hashlib

from customers.keys.key import Key
from customers.principal import Principal, Role, Subject
from server.credential import CredentialsError
from server.settings import Settings
from server.tokens import Claims

# Claims that anybody may write into their profile, and those that say that it is theirs.
VERIFIED = {"email": "email_verified", "phone_number": "phone_number_verified"}
LONGEST_VALUE = 512
ROLES = frozenset(role.value for role in Role)


def principal_of_key(key: Key) -> Principal:
    """Whoever has the key; its name may be another's too, its id is not."""
    return Principal(f"key:{key.id} {key.name}", key.role, source=key.source)


def principal_of_token(claims: Claims, settings: Settings, secret: bytes) -> Principal:
    """Whoever the claims are about: a customer, unless they give a role of the staff.

    Raises:
        CredentialsError: they do not say who it is.
    """
    role = role_of(claims, settings)
    if role is Role.CUSTOMER:
        subject = subject_of(claims, settings)
        return Principal(pseudonym(subject, secret), role, subject=subject)
    # Whoever may write for all sources has a key.
    source = text_of(claims, "source") if role is Role.INGEST else None
    # No name of a token is that of a key, of a customer or of the developer.
    return Principal(f"user:{text_of(claims, 'sub')}", role, source=source)


def role_of(claims: Claims, settings: Settings) -> Role:
    """The role that a token gives; a customer's where it gives none.

    Raises:
        CredentialsError: it gives one that there is not, or several.
    """
    given = claims.get(settings.jwt_role_claim)
    if given is None:
        return Role.CUSTOMER
    if isinstance(given, str) and given in ROLES:
        return Role(given)
    if isinstance(given, list):
        # Providers list roles of other programs too.
        ours = {one for one in given if isinstance(one, str) and one in ROLES}
        if len(ours) <= 1:
            return Role(ours.pop()) if ours else Role.CUSTOMER
    raise CredentialsError("role")


def subject_of(claims: Claims, settings: Settings) -> Subject:
    """The identifier that a customer's token vouches for.

    Raises:
        CredentialsError: it has none, or one that the provider did not verify.
    """
    claim = settings.jwt_subject_claim
    if claim in VERIFIED and claims.get(VERIFIED[claim]) is not True:
        raise CredentialsError("not verified")
    return Subject(settings.jwt_subject_namespace, text_of(claims, claim))


def text_of(claims: Claims, name: str) -> str:
    """A claim that is to be some short text.

    Raises:
        CredentialsError
    """
    value = claims.get(name)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise CredentialsError(f"claim {name}")
    if len(value.encode()) > LONGEST_VALUE:
        raise CredentialsError(f"claim {name}")
    return value


def pseudonym(subject: Subject, secret: bytes) -> str:
    """What the change log and the audit call a customer: always the same, and not who it is.

    Keyed, since whoever reads a log could try out e-mails on a plain hash.
    """
    key = hashlib.blake2b(secret, person=b"caller").digest()
    text = f"{subject.namespace}|{subject.value}".encode()
    return f"customer:{hashlib.blake2b(text, key=key, digest_size=8).hexdigest()}"
